#!/usr/bin/env bash
# Asks the gateway what Supabase Auth asks it when a user wants a code: a recorded request, signed anew.
#
#   send-sms.sh GATEWAY SECRET [BODY]      the secret as Supabase gives it: v1,whsec_...
set -euo pipefail
gateway=$1 secret=$2
body=${3:-$(dirname -- "${BASH_SOURCE[0]}")/request.json}

id=$(openssl rand -hex 16) timestamp=$(date +%s)
key=$(printf '%s' "${secret#v1,whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$({ printf '%s.%s.' "$id" "$timestamp"; cat -- "$body"; } |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
curl --silent --show-error --data-binary "@$body" -H 'Content-Type: application/json' \
    -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" -H "webhook-signature: v1,$signature" \
    "$gateway/hooks/supabase/send-sms"
