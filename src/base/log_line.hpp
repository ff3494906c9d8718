// A log message with fields, such as "request answered" with its path and status.
//
// The fields travel inside the message, each after a separator that no text holds; the program's log formatter
// (cli/logging) writes them as "name=value" behind the message, or as members of a JSON line.
#pragma once

#include <string>
#include <string_view>

namespace cvstroom {

class LogLine {
  public:
    static constexpr char separator = '\x1f';  // ASCII's unit separator

    explicit LogLine(std::string_view message) : text_(message) {}

    // A field without a value is left out. Names are plain identifiers.
    LogLine& with(std::string_view name, std::string_view value) {
        if (value.empty()) return *this;
        text_ += separator;
        text_.append(name).append(1, '=');
        for (const char c : value) text_ += c == separator ? ' ' : c;
        return *this;
    }

    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

}  // namespace cvstroom
