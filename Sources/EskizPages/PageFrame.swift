/// The parts of templates that all pages have, by the names that partials call them.
package enum PageFrame {
    package static let templates = PageFile.templates([
        "bottom": PackageResources.bottom_mustache,
        "head": PackageResources.head_mustache,
        "icons": PackageResources.icons_mustache,
        "menu": PackageResources.menu_mustache,
    ])
}
