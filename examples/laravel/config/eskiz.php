<?php

return [
    // Where `eskiz serve` listens, and a key that it accepts (`eskiz keys add laravel`).
    'url' => env('ESKIZ_GATEWAY_URL', 'http://127.0.0.1:8080'),
    'key' => env('ESKIZ_GATEWAY_KEY', ''),
    // Must match a text that Eskiz has approved.
    'template' => env('ESKIZ_CODE_TEMPLATE', 'Sizning tasdiqlash kodingiz: {code}'),
];
