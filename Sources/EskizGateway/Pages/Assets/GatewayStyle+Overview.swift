extension GatewayStyle {
    /// The first screen.
    static let overview = """

        """

    static let small = """
        @media (max-width: 720px) {
          .who-name { display: none; }
          th, td { padding: 8px 12px; }
        }

        """
}
