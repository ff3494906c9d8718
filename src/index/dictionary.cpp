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
    char text_[Dictionary::longest_code + 1];
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

std::string_view Dictionary::code(CodeNumber number) const {
    const std::shared_lock lock(mutex_);
    return std::string_view(names_[number]).substr(1);
}

Dimension Dictionary::dimension(CodeNumber number) const {
    const std::shared_lock lock(mutex_);
    return static_cast<Dimension>(names_[number].front());
}

std::vector<CodeNumber> Dictionary::codes_of(Dimension dimension) const {
    const std::shared_lock lock(mutex_);
    std::vector<CodeNumber> codes;
    for (CodeNumber number = 0; number < names_.size(); ++number) {
        const auto& name = names_[number];
        if (name.front() == static_cast<char>(dimension) && name.size() > 1) codes.push_back(number);
    }
    return codes;
}

std::vector<std::string> Dictionary::names() const {
    const std::shared_lock lock(mutex_);
    return {names_.begin(), names_.end()};
}

}  // namespace cvstroom::index
