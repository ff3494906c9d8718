// The simplest extension there is: each row's input, kept as it came.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "index/extension.hpp"

namespace cvstroom::test {

class ToyExtension final : public index::Extension {
  public:
    std::vector<std::string> texts;

    std::size_t bytes() const override { return texts.size() * sizeof(std::string); }
    void save(std::string& out) const override {
        for (const auto& text : texts) out += text + '\n';
    }
};

class ToyBuilder final : public index::ExtensionBuilder {
  public:
    void add(std::string_view input) override { made_->texts.emplace_back(input); }
    void add_rows(const index::Extension& source, std::span<const index::Row> moved) override {
        const auto& texts = dynamic_cast<const ToyExtension&>(source).texts;
        for (std::size_t row = 0; row < moved.size(); ++row) {
            if (moved[row] == index::dropped_row) continue;
            if (moved[row] != made_->texts.size()) throw std::logic_error("rows come out of order");
            made_->texts.push_back(texts[row]);
        }
    }
    std::shared_ptr<const index::Extension> build() override { return std::move(made_); }

  private:
    std::shared_ptr<ToyExtension> made_ = std::make_shared<ToyExtension>();
};

class ToyKind final : public index::ExtensionKind {
  public:
    explicit ToyKind(std::string name = "toy/1") : name_(std::move(name)) {}
    std::string_view name() const override { return name_; }
    void read(const candidate::Facts& facts, std::string& input) const override {
        input = std::to_string(facts.languages.size());
    }
    std::unique_ptr<index::ExtensionBuilder> builder() const override { return std::make_unique<ToyBuilder>(); }
    Result<std::shared_ptr<const index::Extension>> load(std::string_view bytes, index::Row rows) const override {
        auto made = std::make_shared<ToyExtension>();
        for (std::size_t end; (end = bytes.find('\n')) != bytes.npos; bytes.remove_prefix(end + 1)) {
            made->texts.emplace_back(bytes.substr(0, end));
        }
        if (made->texts.size() != rows) return fail(ErrorCode::corrupt, "a toy that is not as long as its segment");
        return std::shared_ptr<const index::Extension>(std::move(made));
    }

  private:
    std::string name_;
};

}  // namespace cvstroom::test
