// Writes JSON into a string, minified, in the order of the calls.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/uuid.hpp"

namespace cvstroom {

// Appends `text` as a JSON string: quotes, backslashes and control characters escaped, all else as it is.
// Pre: `text` is valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

// A comma-placing writer over a caller-owned string. The caller opens and closes in the right order.
class JsonWriter {
  public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }

    JsonWriter& key(std::string_view name);
    JsonWriter& string(std::string_view value);
    JsonWriter& integer(std::int64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& raw(std::string_view json);  // a value that is JSON already
    JsonWriter& uuid(const Uuid& value);

    JsonWriter& member(std::string_view name, std::string_view value) { return key(name).string(value); }
    JsonWriter& member(std::string_view name, const char* value) { return key(name).string(value); }
    JsonWriter& member(std::string_view name, const Uuid& value) { return key(name).uuid(value); }
    template <std::integral T>
    JsonWriter& member(std::string_view name, T value) {
        if constexpr (std::same_as<T, bool>) return key(name).boolean(value);
        return key(name).integer(static_cast<std::int64_t>(value));
    }

  private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();

    std::string& out_;
    bool needs_comma_ = false;
};

}  // namespace cvstroom
