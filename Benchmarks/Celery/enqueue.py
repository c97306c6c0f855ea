import sys

from tasks import send

for number in range(int(sys.argv[1])):
    send.delay(f"99890{number % 10}{number:06d}", f"Kodingiz: {number:06d}", str(number))
