#include "index/text_extension.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "index/analysis_fingerprint.hpp"
#include "index/text_segment_builder.hpp"

namespace cvstroom::index {
namespace {

// A document's texts on their way to the builder: each is its field's digit, its words, and the mark.
constexpr char end_of_text = '\n';

class TextExtension final : public Extension {
  public:
    explicit TextExtension(std::shared_ptr<const TextSegment> text) : text_(std::move(text)) {}
    const TextSegment& text() const { return *text_; }

    std::size_t bytes() const override { return text_->bytes(); }
    void save(std::string& out) const override { text_->append_to(out); }

  private:
    std::shared_ptr<const TextSegment> text_;
};

class Builder final : public ExtensionBuilder {
  public:
    void add(std::string_view input) override {
        while (!input.empty()) {
            const auto end = input.find(end_of_text);
            builder_.add_text(static_cast<TextField>(input.front() - '0'), input.substr(1, end - 1));
            input.remove_prefix(end + 1);
        }
        builder_.end_row();
    }
    void add_rows(const Extension& source, std::span<const Row> moved) override {
        builder_.add_rows(static_cast<const TextExtension&>(source).text(), moved);
    }
    std::shared_ptr<const Extension> build() override { return std::make_shared<TextExtension>(builder_.build()); }
    std::shared_ptr<const Extension> build_for_merge() override {
        return std::make_shared<TextExtension>(builder_.build_for_merge());
    }

  private:
    TextSegmentBuilder builder_;
};

class Kind final : public ExtensionKind {
  public:
    // Another way of folding or another form of saving: another number. Other libraries: another fingerprint.
    std::string_view name() const override { return name_; }

    void read(const candidate::Facts& facts, std::string& input) const override {
        thread_local TokenList tokens;
        input.clear();
        for (const auto& each : facts.texts) {
            tokenize(each.text, tokens);
            if (tokens.tokens.empty()) continue;
            input.push_back(static_cast<char>('0' + static_cast<int>(field_of(each.member))));
            input.append(tokens.folded).push_back(end_of_text);
        }
    }
    std::unique_ptr<ExtensionBuilder> builder() const override { return std::make_unique<Builder>(); }

    Result<std::shared_ptr<const Extension>> load(std::string_view bytes, Row rows) const override {
        auto text = TextSegment::from_bytes(bytes);
        if (!text) return tl::unexpected(text.error());
        if ((*text)->size() != rows) return fail(ErrorCode::corrupt, "the saved text is of another number of rows");
        return std::make_shared<TextExtension>(std::move(*text));
    }

  private:
    const std::string name_ = fmt::format("text/3-{:08x}", analysis_fingerprint());
};

}  // namespace

const ExtensionKind& text_extension() {
    static const Kind kind;
    return kind;
}

const TextSegment* text_of(const Segment& segment) {
    const auto* extension = dynamic_cast<const TextExtension*>(segment.extension());
    return extension == nullptr ? nullptr : &extension->text();
}

}  // namespace cvstroom::index
