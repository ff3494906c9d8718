#include "index/dictionary.hpp"

#include <mutex>

namespace cvstroom::index {
namespace {

// The dimension and the code as one name, on the stack: looking up allocates nothing.
class Name {
  public:
    Name(Dimension dimension, std::string_view code) {
        const auto length = code.copy(text_ + 1, sizeof text_ - 1);
        text_[0] = static_cast<char>(dimension);
        length_ = length + 1;
    }
    std::string_view view() const { return {text_, length_}; }

  private:
    char text_[64];
    std::size_t length_;
};

}  // namespace

CodeNumber Dictionary::add(Dimension dimension, std::string_view code) {
    if (const auto known = find(dimension, code)) return *known;
    const Name name(dimension, code);
    const std::unique_lock lock(mutex_);
    const auto next = static_cast<CodeNumber>(names_.size());
    const auto known = numbers_.find(name.view());
    if (known != numbers_.end()) return known->second;
    names_.emplace_back(name.view());
    numbers_.emplace(names_.back(), next);
    return next;
}

std::optional<CodeNumber> Dictionary::find(Dimension dimension, std::string_view code) const {
    const Name name(dimension, code);
    const std::shared_lock lock(mutex_);
    const auto found = numbers_.find(name.view());
    if (found == numbers_.end()) return std::nullopt;
    return found->second;
}

}  // namespace cvstroom::index
