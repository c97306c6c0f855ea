<?php

declare(strict_types=1);

namespace App\Services;

use Illuminate\Support\Facades\DB;

/**
 * SMS in the transaction that it belongs to: sent if and only if the transaction commits.
 *
 *     DB::transaction(function () use ($outbox, $phone) {
 *         $order = Order::create(['phone' => $phone]);
 *         $order->update(['sms' => $outbox->send($phone, "Buyurtma {$order->id} qabul qilindi")]);
 *     });
 *
 * The connection is to the PostgreSQL that the gateway takes from (ESKIZ_OUTBOX_URL), by a role that has eskiz_sender.
 * What is wrong with a message is a QueryException at once, with a sentence that says what.
 */
final class EskizOutbox
{
    /** Leaves a message and returns its number, for status(). */
    public function send(string $phone, string $body, string $lane = 'transactional', ?string $expiresIn = null): int
    {
        $row = DB::selectOne(
            'SELECT eskiz.send(phone => ?, body => ?, lane => ?, expires_in => ?::interval) AS number',
            [$phone, $body, $lane, $expiresIn]
        );
        // After the commit, and only then: inside, it would make all commits wait for each other.
        DB::afterCommit(fn () => DB::select('SELECT eskiz.poke()'));

        return (int) $row->number;
    }

    /** A one-time code: overtakes everything else, and is worth nothing after two minutes. */
    public function sendCode(string $phone, string $code): int
    {
        return $this->send($phone, "Sizning tasdiqlash kodingiz: {$code}", 'otp', '2 minutes');
    }

    /** How a message of our own is: waiting, queued, submitted, delivered, …; null if it is not ours. */
    public function status(int $number): ?string
    {
        return DB::selectOne('SELECT status FROM eskiz.status(?)', [$number])?->status;
    }
}
