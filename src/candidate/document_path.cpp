#include "candidate/document_path.hpp"

namespace cvstroom::candidate {
namespace {

// RFC 6901 §3: '~' and '/' are the two characters that a reference token escapes.
void append_token(std::string& out, std::string_view name) {
    out.push_back('/');
    for (const char c : name) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out.push_back(c);
        }
    }
}

}  // namespace

std::string DocumentPath::pointer() const {
    std::string out;
    for (const Step& step : steps_) {
        if (step.is_entry) {
            out.append("/").append(std::to_string(step.ordinal));
        } else {
            append_token(out, step.name);
        }
    }
    return out;
}

std::string DocumentPath::pointer_to_member(std::string_view name) const {
    std::string out = pointer();
    append_token(out, name);
    return out;
}

}  // namespace cvstroom::candidate
