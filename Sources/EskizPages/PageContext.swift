/// What a template is filled with.
///
/// Absent values become `false`, so that a section over them is empty and a list item never sees a value of the page
/// around it in their place.
package typealias PageContext = [String: Any]

extension PageContext {
    package init(filling values: KeyValuePairs<String, Any?>) {
        self.init()
        for (name, value) in values { self[name] = value ?? false }
    }
}
