#!/bin/sh
# Sends a code through the gateway and waits until it is on the phone.
#
#   ESKIZ_GATEWAY_KEY=$(cat ~/.local/state/eskiz/api-key) ./send-code.sh +998901234567 123456
set -eu

gateway=${ESKIZ_GATEWAY_URL:-http://127.0.0.1:8080}
key=${ESKIZ_GATEWAY_KEY:?set it to a key of the gateway: eskiz keys add curl}
phone=${1:?a phone number} code=${2:?a code}

ask() {
    # The key goes in through a file descriptor: the arguments of a process can be read by everybody on the machine.
    printf 'header = "Authorization: Bearer %s"\n' "$key" |
        curl --silent --show-error --fail-with-body --config - --header 'Content-Type: application/json' "$@"
}

message=$(
    ask --header 'Prefer: wait=10' --header "Idempotency-Key: $phone-$code-$(date +%s)" \
        --data "{\"to\":\"$phone\",\"text\":\"Sizning tasdiqlash kodingiz: $code\",\"lane\":\"otp\"}" \
        "$gateway/v1/messages"
) || {
    # What the gateway says against it.
    printf '%s\n' "$message" >&2
    exit 1
}
id=$(printf '%s' "$message" | sed -E 's/.*"id":"([0-9]+)".*/\1/')

for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    status=$(ask "$gateway/v1/messages/$id" | sed -E 's/.*"status":"([a-z]+)".*/\1/')
    case $status in
        delivered) echo "$id delivered"; exit 0 ;;
        undelivered | failed | expired | cancelled) echo "$id $status" >&2; exit 1 ;;
    esac
    sleep 1
done
echo "$id $status" >&2
exit 1
