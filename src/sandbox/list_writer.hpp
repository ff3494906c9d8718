// A JSON array that exists only when it has entries.
#pragma once

#include <string>
#include <string_view>

namespace cvstroom::sandbox {

// Opens the member at its first entry; the destructor closes it and sets the comma that follows.
class ListWriter {
  public:
    ListWriter(std::string& out, std::string_view name) : out_(out), name_(name) {}
    ~ListWriter() {
        if (!is_empty_) out_ += "],";
    }
    ListWriter(const ListWriter&) = delete;
    ListWriter& operator=(const ListWriter&) = delete;

    // Where the next entry is to be appended.
    std::string& next() {
        if (is_empty_) {
            out_ += '"';
            out_ += name_;
            out_ += "\":[";
        } else {
            out_ += ',';
        }
        is_empty_ = false;
        return out_;
    }

  private:
    std::string& out_;
    std::string_view name_;
    bool is_empty_ = true;
};

}  // namespace cvstroom::sandbox
