#!/bin/sh
# Has the gateway make a code and send it, and checks what was entered.
#
#   ESKIZ_GATEWAY_KEY=… ./verify.sh start +998901234567
#   ESKIZ_GATEWAY_KEY=… ./verify.sh check +998901234567 123456
set -eu

gateway=${ESKIZ_GATEWAY_URL:-http://127.0.0.1:8080}
key=${ESKIZ_GATEWAY_KEY:?set it to a key of the gateway: eskiz keys add curl --scope verify}
what=${1:?start or check} phone=${2:?a phone number}

ask() {
    # Key and code go in through file descriptors: the arguments of a process can be read by everybody on the machine.
    printf 'header = "Authorization: Bearer %s"\n' "$key" | {
        curl --silent --show-error --fail-with-body --config - --header 'Content-Type: application/json' \
            --data-binary @/dev/fd/3 "$gateway$1" 3<<BODY
$2
BODY
    } || {
        echo >&2
        exit 1
    }
}

case $what in
    start) ask /v1/verifications "{\"to\":\"$phone\"}" ;;
    check)
        answer=$(ask /v1/verifications/check "{\"to\":\"$phone\",\"code\":\"${3:?a code}\"}") || {
            printf '%s\n' "$answer" >&2
            exit 1
        }
        printf '%s\n' "$answer"
        case $answer in *'"valid":true'*) ;; *) exit 1 ;; esac
        ;;
    *) echo "start or check" >&2; exit 64 ;;
esac
