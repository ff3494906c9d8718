#include <array>

#include "sandbox/list_writer.hpp"
#include "sandbox/sections.hpp"

namespace cvstroom::sandbox {
namespace {

// What the search that the seed shows asks for (see generator.hpp).
constexpr std::string_view reserved_region = "BE231A";

constexpr std::size_t most_regions = 7;
constexpr std::size_t nearby = 9;

// Region codes in order, without duplicates.
class RegionWishes {
  public:
    explicit RegionWishes(bool is_reserved_excluded) : is_reserved_excluded_(is_reserved_excluded) {}

    void add(std::string_view code) {
        // The codes of what lies inside a region begin with the region's own.
        if (count_ == codes_.size() || (is_reserved_excluded_ && code.starts_with(reserved_region))) return;
        std::size_t place = count_;
        while (place > 0 && codes_[place - 1] > code) --place;
        if (place > 0 && codes_[place - 1] == code) return;
        for (std::size_t i = count_++; i > place; --i) codes_[i] = codes_[i - 1];
        codes_[place] = code;
    }

    void append(std::string& out) const {
        ListWriter list(out, "regios");
        for (std::size_t i = 0; i < count_; ++i) {
            std::string& entry = list.next();
            entry += '"';
            entry += codes_[i];
            entry += '"';
        }
    }

  private:
    std::array<std::string_view, most_regions> codes_{};
    std::size_t count_ = 0;
    bool is_reserved_excluded_;
};

void append_regions(std::string& out, Draft& draft, const Places& places) {
    Random& random = draft.random;
    if (random.chance(4)) return;
    const Region& home = places.regions[draft.home->region];
    RegionWishes wishes(draft.has_reserved_diploma);
    const std::size_t reach = random.below(100);
    if (reach < 16) {
        wishes.add(home.province);
        if (random.chance(35)) wishes.add(places.regions[home.near[random.below(nearby)]].province);
    } else {
        wishes.add(home.code);
        const std::size_t more = random.below(reach < 70 ? 4 : most_regions - 1);
        // The nearest first: each further one is a step of one or two down the list.
        std::size_t next = 0;
        for (std::size_t i = 0; i < more && next < home.near.size(); ++i) {
            wishes.add(places.regions[home.near[next]].code);
            next += 1 + random.below(2);
        }
    }
    if (draft.home->territory == Territory::flanders && random.chance(7)) wishes.add("BE1");
    wishes.append(out);
}

void append_codes(std::string& out, std::string_view name, std::string_view codes) {
    ListWriter list(out, name);
    for (const char code : codes) {
        std::string& entry = list.next();
        entry += '"';
        entry += code;
        entry += '"';
    }
}

void append_regimes(std::string& out, Draft& draft) {
    const std::size_t said = draft.random.below(100);
    if (said < 12) return;
    const bool is_part_time_usual = draft.is_woman || draft.age > 57;
    append_codes(out, "arbeidsRegimes", said < 62 ? "V" : said < (is_part_time_usual ? 82 : 94) ? "VD" : "D");
}

// Codes of arbeidsstelsels.tsv: day work nearly always, shifts where the trade has them.
void append_systems(std::string& out, Draft& draft) {
    Random& random = draft.random;
    if (random.chance(18)) return;
    constexpr std::size_t industry = 'H' - 'A';
    constexpr std::size_t health = 'J' - 'A';
    constexpr std::size_t logistics = 'N' - 'A';
    const std::size_t domain = draft.profession->main_domain;
    const bool has_shifts = domain == industry || domain == logistics || domain == health;
    std::array<char, 8> codes{};
    std::size_t count = 0;
    if (random.chance(92)) codes[count++] = 'D';
    if (random.chance(has_shifts ? 55 : 6)) codes[count++] = '2';
    if (random.chance(has_shifts ? 30 : 3)) codes[count++] = '3';
    if (random.chance(has_shifts ? 18 : 3)) codes[count++] = 'N';
    if (random.chance(14)) codes[count++] = 'Z';
    if (random.chance(has_shifts ? 9 : 1)) codes[count++] = 'V';
    if (random.chance(5)) codes[count++] = 'O';
    if (random.chance(8)) codes[count++] = 'T';
    append_codes(out, "arbeidsStelsels", std::string_view(codes.data(), count));
}

// Codes of ervaring.tsv for months in a profession.
char experience_level(int months) {
    if (months < 4) return '1';
    if (months < 24) return '2';
    return months < 60 ? '3' : '4';
}

void append_function(ListWriter& list, Draft& draft, const Profession& profession, int months) {
    std::string& out = list.next();
    out += profession.function_start[draft.tongue == Tongue::french ? 1 : 0];
    out += experience_level(months);
    out += profession.function_end;
}

void append_functions(std::string& out, Draft& draft) {
    if (draft.random.chance(3)) return;
    ListWriter list(out, "functies");
    append_function(list, draft, *draft.profession, draft.months_worked);
    for (std::size_t i = 0; i < draft.related_count; ++i) {
        append_function(list, draft, *draft.related[i], draft.months_worked * draft.random.between(0, 100) / 100);
    }
}

}  // namespace

void append_wishes(std::string& out, Draft& draft, const Vocabulary& words) {
    // The last part of a document: nothing after it needs the chance that is replaced here.
    if (draft.revision.wishes > 0) draft.random = draft.random_of_change('w', draft.revision.wishes);
    if (draft.random.chance(2)) return;
    const std::size_t start = out.size();
    out += R"("gewensteJob":{)";
    const std::size_t opened = out.size();
    append_regimes(out, draft);
    append_systems(out, draft);
    append_regions(out, draft, words.places);
    append_functions(out, draft);
    if (out.size() == opened) {
        out.resize(start);
        return;
    }
    out.back() = '}';  // over the comma of the last member
    out += ',';
}

}  // namespace cvstroom::sandbox
