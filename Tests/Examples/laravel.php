<?php

declare(strict_types=1);

// Runs examples/laravel against a gateway without Laravel, which is not to be had from Debian: the few names of the
// framework that the example uses are played here, by PHP's own streams.
//
//     php Tests/Examples/laravel.php PHONE CODE        0: sent; 1: not sent, and stderr says why

namespace Illuminate\Http\Client {
    final class ConnectionException extends \Exception
    {
    }

    final class Response
    {
        public function __construct(private int $status, private string $body)
        {
        }

        public function failed(): bool
        {
            return $this->status >= 400;
        }

        public function json(string $key): mixed
        {
            return json_decode($this->body, true)[$key] ?? null;
        }
    }

    final class PendingRequest
    {
        private array $headers = ['Content-Type: application/json', 'Accept: application/json'];
        private int $seconds = 30;
        private int $tries = 1;
        private int $pause = 0;
        private ?\Closure $when = null;

        public function __construct(private string $baseUrl)
        {
        }

        public function withToken(string $token): self
        {
            return $this->withHeaders(['Authorization' => 'Bearer ' . $token]);
        }

        public function withHeaders(array $headers): self
        {
            foreach ($headers as $name => $value) {
                $this->headers[] = $name . ': ' . $value;
            }

            return $this;
        }

        public function timeout(int $seconds): self
        {
            $this->seconds = $seconds;

            return $this;
        }

        public function retry(int $times, int $milliseconds, ?\Closure $when = null, bool $throw = true): self
        {
            [$this->tries, $this->pause, $this->when] = [$times, $milliseconds, $when];

            return $this;
        }

        public function post(string $path, array $fields): Response
        {
            for ($try = 1; ; $try++) {
                try {
                    return $this->request($path, json_encode($fields, JSON_THROW_ON_ERROR));
                } catch (ConnectionException $error) {
                    if ($try >= $this->tries || ($this->when !== null && ! ($this->when)($error))) {
                        throw $error;
                    }
                    usleep($this->pause * 1000);
                }
            }
        }

        private function request(string $path, string $body): Response
        {
            $context = stream_context_create(['http' => [
                'method' => 'POST', 'header' => $this->headers, 'content' => $body, 'timeout' => $this->seconds,
                // An answer of 400 and more is an answer.
                'ignore_errors' => true,
            ]]);
            $stream = @fopen($this->baseUrl . $path, 'r', false, $context);
            if ($stream === false) {
                throw new ConnectionException(error_get_last()['message'] ?? 'no connection');
            }
            $head = stream_get_meta_data($stream)['wrapper_data'][0];
            $answer = stream_get_contents($stream);
            fclose($stream);

            return new Response((int) explode(' ', $head)[1], $answer === false ? '' : $answer);
        }
    }
}

namespace Illuminate\Support\Facades {
    use Illuminate\Http\Client\PendingRequest;

    final class Http
    {
        public static function baseUrl(string $url): PendingRequest
        {
            return new PendingRequest($url);
        }
    }

    final class Log
    {
        public static function info(string $message, array $context = []): void
        {
            fwrite(STDERR, 'INFO ' . $message . ' ' . json_encode($context) . "\n");
        }

        public static function error(string $message, array $context = []): void
        {
            fwrite(STDERR, 'ERROR ' . $message . ' ' . json_encode($context) . "\n");
        }
    }
}

namespace Illuminate\Support {
    final class Str
    {
        public static function uuid(): string
        {
            return vsprintf('%s%s-%s-4%s-8%s-%s%s%s', array_map(
                fn (int $length) => substr(bin2hex(random_bytes(2)), 0, $length),
                [4, 4, 4, 3, 3, 4, 4, 4],
            ));
        }
    }
}

namespace {
    function env(string $name, string $default): string
    {
        $value = getenv($name);

        return $value === false ? $default : $value;
    }

    function config(string $key): string
    {
        static $values = null;
        $values ??= require __DIR__ . '/../../examples/laravel/config/eskiz.php';

        return $values[explode('.', $key)[1]];
    }

    require __DIR__ . '/../../examples/laravel/app/Services/EskizGateway.php';

    exit((new App\Services\EskizGateway())->sendCode($argv[1], $argv[2]) ? 0 : 1);
}
