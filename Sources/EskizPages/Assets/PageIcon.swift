/// The icon in the row of tabs.
package enum PageIcon {
    package static let text = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="1" y="1" width="22" height="22" rx="7" \
        fill="#3d4fd6"/><path d="M7 8.5h10M7 12h6.5M7 15.5h8.5" stroke="#fff" stroke-width="2" \
        stroke-linecap="round"/></svg>
        """
}
