import SyncronWire

/// The form of a JSON value: what the documents tell clients, and what the tests hold answers against.
indirect enum Schema: Sendable {
    case text
    /// Money, a price or a quantity: a decimal number in a string.
    case decimal
    case integer
    /// Milliseconds since 1970.
    case time
    case flag
    case null
    case anything
    /// One of these texts.
    case word([String])
    case list(Schema)
    /// An array of exactly these.
    case row([Schema])
    case object([Field])
    /// One of `SchemaTable`.
    case named(String)
    case either([Schema])

    struct Field: Sendable {
        var name: String
        var schema: Schema
        var isOptional = false
    }

    /// A name that ends with `?` may be left out.
    static func fields(_ fields: KeyValuePairs<String, Schema>) -> Schema {
        .object(
            fields.map { name, schema in
                let isOptional = name.hasSuffix("?")
                return Field(
                    name: isOptional ? String(name.dropLast()) : name, schema: schema, isOptional: isOptional)
            })
    }

    /// All fields of this object and of the other.
    func and(_ more: Schema) -> Schema {
        guard case .object(let first) = self, case .object(let second) = more else { return self }
        return .object(first + second)
    }

    /// The one form of all items of a row; nil when they differ.
    fileprivate static func repeated(in items: [Schema]) -> Schema? {
        let decimals = items.count { if case .decimal = $0 { true } else { false } }
        return decimals == items.count ? .decimal : nil
    }

    var orNull: Schema { .either([self, .null]) }

    static let decimalPattern = "^-?[0-9]+([.][0-9]+)?$"
}

// MARK: Comparing

extension Schema {
    /// Where `value` differs from this form, as a path and a reason; nil when it does not. Fields that are not told
    /// of are a difference.
    func difference(from value: JSONValue, at path: String = "$") -> String? {
        switch (self, value) {
        case (.anything, _), (.null, .null), (.flag, .bool), (.text, .string): return nil
        case (.decimal, .string(let text)):
            let digits = text.hasPrefix("-") ? String(text.dropFirst()) : text
            return (try? DecimalText(digits)) == nil ? "\(path): '\(text)' is no decimal" : nil
        case (.integer, .number(let text)), (.time, .number(let text)):
            return Int64(text) == nil ? "\(path): \(text) is no integer" : nil
        case (.word(let words), .string(let text)):
            return words.contains(text) ? nil : "\(path): '\(text)' is none of \(words)"
        case (.list(let item), .array(let items)):
            return items.enumerated().lazy.compactMap { item.difference(from: $1, at: "\(path)[\($0)]") }.first
        case (.row(let forms), .array(let items)):
            guard forms.count == items.count else { return "\(path): \(items.count) instead of \(forms.count) items" }
            return zip(forms, items).enumerated().lazy
                .compactMap { $1.0.difference(from: $1.1, at: "\(path)[\($0)]") }.first
        case (.object(let fields), .object(let members)):
            return Self.difference(of: members, from: fields, at: path)
        case (.named(let name), _):
            guard let schema = SchemaTable.schema(name) else { return "\(path): no schema is named \(name)" }
            return schema.difference(from: value, at: path)
        case (.either(let forms), _):
            let differences = forms.compactMap { $0.difference(from: value, at: path) }
            return differences.count < forms.count ? nil : differences.joined(separator: "; or ")
        default: return "\(path): another kind of value than told"
        }
    }

    private static func difference(of members: [JSONValue.Member], from fields: [Field], at path: String) -> String? {
        for member in members where !fields.contains(where: { $0.name == member.name }) {
            return "\(path): nobody told of \(member.name)"
        }
        for field in fields {
            guard let member = members.first(where: { $0.name == field.name }) else {
                if field.isOptional { continue }
                return "\(path): \(field.name) is missing"
            }
            if let difference = field.schema.difference(from: member.value, at: "\(path).\(field.name)") {
                return difference
            }
        }
        return nil
    }
}

// MARK: Writing

extension JSONWriter {
    /// As JSON Schema 2020-12, which OpenAPI 3.1 speaks.
    mutating func schema(_ schema: Schema) {
        beginObject()
        switch schema {
        case .anything: break
        case .text: field("type", "string")
        case .decimal:
            field("type", "string")
            field("pattern", Schema.decimalPattern)
            field("description", "A decimal number.")
        case .integer:
            field("type", "integer")
            field("format", "int64")
        case .time:
            field("type", "integer")
            field("format", "int64")
            field("description", "Milliseconds since 1970.")
        case .flag: field("type", "boolean")
        case .null: field("type", "null")
        case .word(let words):
            field("type", "string")
            texts("enum", words)
        case .list(let item):
            field("type", "array")
            key("items")
            self.schema(item)
        case .row(let items):
            field("type", "array")
            if let only = Schema.repeated(in: items) {
                key("items")
                self.schema(only)
            } else {
                key("prefixItems")
                schemas(items)
            }
            field("minItems", items.count)
            field("maxItems", items.count)
        case .object(let fields): object(fields)
        case .named(let name): field("$ref", "#/components/schemas/\(name)")
        case .either(let forms):
            key("anyOf")
            schemas(forms)
        }
        endObject()
    }

    private mutating func object(_ fields: [Schema.Field]) {
        field("type", "object")
        key("properties")
        beginObject()
        for field in fields {
            key(text: field.name)
            schema(field.schema)
        }
        endObject()
        texts("required", fields.filter { !$0.isOptional }.map(\.name))
    }

    private mutating func schemas(_ schemas: [Schema]) {
        beginArray()
        for one in schemas { schema(one) }
        endArray()
    }

    mutating func texts(_ name: StaticString, _ texts: [String]) {
        key(name)
        beginArray()
        for text in texts { value(text) }
        endArray()
    }
}
