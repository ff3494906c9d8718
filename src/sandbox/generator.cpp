#include "sandbox/generator.hpp"

#include <utility>

#include "sandbox/draft.hpp"
#include "sandbox/fragments.hpp"
#include "sandbox/sections.hpp"

namespace cvstroom::sandbox {
namespace {

// The first half is a bijection of the number before the version takes its four bits, so that ids differ.
Uuid make_id(std::uint64_t seed, std::uint64_t number) {
    const std::uint64_t key = mix(seed + golden);
    const std::uint64_t high = mix(key ^ number);
    const std::uint64_t low = mix(high + key + golden);
    Uuid id;
    for (std::size_t i = 0; i < 8; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(high >> (8 * i));
        id.bytes[i + 8] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    // RFC 9562 §5.4: version 4, variant 10.
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x40U);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
}

class VocabularyGenerator final : public Generator {
  public:
    VocabularyGenerator(Vocabulary words, std::uint64_t seed) : words_(std::move(words)), seed_(seed) {}

    void append(std::uint64_t number, std::string& out) const override { append(number, Revision{}, out); }

    Uuid id(std::uint64_t number) const override { return make_id(seed_, number); }

    void append(std::uint64_t number, const Revision& revision, std::string& out) const override {
        constexpr std::uint64_t first_ikl_id = 12'000'000;
        Draft draft = make_draft(words_, seed_, number);
        draft.revision = revision;
        out += R"({"cvId":")";
        id(number).append_to(out);
        out += R"(","status":")";
        out += candidate::wire_name(revision.status);
        out += R"(","wijzigingsDatum":")";
        append_date(out, revision.changed_on.value_or(draft.today));
        out += R"(","iklId":)";
        append_number(out, first_ikl_id + number);
        out += draft.random.chance(90) ? R"(,"persoonlijkeInteresse":{},)" : ",";
        append_person(out, draft, words_);
        append_experiences(out, draft, words_);
        append_educations(out, draft, words_);
        append_certifications(out, draft, words_);
        append_competences(out, draft, words_);
        append_wishes(out, draft, words_);
        out.back() = '}';  // over the comma of the last member
    }

  private:
    const Vocabulary words_;
    const std::uint64_t seed_;
};

}  // namespace

Result<std::unique_ptr<const Generator>> Generator::load(const std::filesystem::path& folder, std::uint64_t seed,
                                                         const reference::ReplacedLists& replaced) {
    DataFolder data(folder, replaced);
    Vocabulary words;
    words.places = Places::load(data);
    words.names = Names::load(data);
    words.diplomas = Diplomas::load(data);
    words.trades = Trades::load(data, words.diplomas);
    words.texts = Texts::load(data);
    if (data.error()) return tl::unexpected(*data.error());
    return std::make_unique<const VocabularyGenerator>(std::move(words), seed);
}

}  // namespace cvstroom::sandbox
