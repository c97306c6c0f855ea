module example.test/sendcode

go 1.19
