import EskizCommands

@main
struct Main {
    static func main() {}
}
