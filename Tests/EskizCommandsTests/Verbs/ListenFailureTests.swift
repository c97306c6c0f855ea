import Eskiz
import EskizHTTP
import EskizSimulator
import NIOCore
import SystemPackage
import Testing

@testable import EskizCommands

@Suite struct ListenFailureTests {
    private let address = ListenAddress(host: "127.0.0.1", port: 8080)

    @Test func `an address in use is said to be that, whichever server wanted it`() {
        let system = IOError(errnoCode: Errno.addressInUse.rawValue, reason: "bind")
        for error in [SimulatorFailure.addressInUse, system] as [any Error] {
            let explained = ListenFailure.explain(error, address: address)
            #expect(explained.summary == "127.0.0.1:8080 is in use by another process.")
            #expect(ExitStatus(explained) == .configuration)
        }
    }

    @Test func `anything else is not`() {
        let other = IOError(errnoCode: Errno.permissionDenied.rawValue, reason: "bind")
        #expect(!ListenFailure.explain(other, address: address).summary.contains("in use"))
    }
}
