import EskizCommands

@main
struct Main {
    static func main() async {
        await EskizCommand.run()
    }
}
