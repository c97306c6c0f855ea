<?php

declare(strict_types=1);

namespace App\Services;

use Illuminate\Http\Client\ConnectionException;
use Illuminate\Support\Facades\Http;
use Illuminate\Support\Facades\Log;
use Illuminate\Support\Str;

/**
 * Sends codes through the gateway (`eskiz serve`), which keeps the token and sends each message once.
 *
 *     app(EskizGateway::class)->sendCode('+998901234567', '123456');   // true or false
 *
 * Or leave making and checking the code to the gateway as well (a key of the scope `verify`):
 *
 *     app(EskizGateway::class)->startVerification('+998901234567');            // true or false
 *     app(EskizGateway::class)->checkCode('+998901234567', '123456');          // true once
 */
final class EskizGateway
{
    private const LOST = ['failed', 'expired', 'cancelled', 'undelivered'];

    public function sendCode(string $phone, string $code): bool
    {
        try {
            $response = Http::baseUrl(config('eskiz.url'))
                ->withToken(config('eskiz.key'))
                ->withHeaders(['Prefer' => 'wait=10', 'Idempotency-Key' => (string) Str::uuid()])
                ->timeout(30)
                // The key above makes the second try harmless; an answer, whatever it says, is not tried again.
                ->retry(2, 200, fn ($error) => $error instanceof ConnectionException, throw: false)
                ->post('/v1/messages', [
                    'to' => $phone,
                    'text' => str_replace('{code}', $code, config('eskiz.template')),
                    'lane' => 'otp',
                ]);
        } catch (ConnectionException $error) {
            Log::error('No gateway answers', ['reason' => $error->getMessage()]);

            return false;
        }

        if ($response->failed()) {
            Log::error('The SMS was not accepted', ['code' => $response->json('code'), 'detail' => $response->json('detail')]);

            return false;
        }

        Log::info('The SMS is with the gateway', ['id' => $response->json('id'), 'status' => $response->json('status')]);

        return ! in_array($response->json('status'), self::LOST, true);
    }

    /** Has the gateway make a code and send it; again before it was entered, the same one. */
    public function startVerification(string $phone, ?string $purpose = null, ?string $clientIp = null): bool
    {
        $answer = $this->ask('/v1/verifications', ['to' => $phone, 'purpose' => $purpose, 'client_ip' => $clientIp]);

        return $answer !== null;
    }

    /** True if this is the code that was sent, once. */
    public function checkCode(string $phone, string $code, ?string $purpose = null): bool
    {
        $answer = $this->ask('/v1/verifications/check', ['to' => $phone, 'code' => trim($code), 'purpose' => $purpose]);

        return ($answer['valid'] ?? false) === true;
    }

    /** @return array<string, mixed>|null what the gateway answered; null, with a line in the log, if it refused */
    private function ask(string $path, array $order): ?array
    {
        try {
            $response = Http::baseUrl(config('eskiz.url'))
                ->withToken(config('eskiz.key'))
                ->timeout(30)
                ->post($path, array_filter($order, fn ($value) => $value !== null));
        } catch (ConnectionException $error) {
            Log::error('No gateway answers', ['reason' => $error->getMessage()]);

            return null;
        }

        if ($response->failed()) {
            Log::error('The gateway refused', ['code' => $response->json('code'), 'detail' => $response->json('detail')]);

            return null;
        }

        return $response->json();
    }
}
