#include "sandbox/names.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sandbox/fragments.hpp"

namespace cvstroom::sandbox {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array accents = {
    Pair{"é", "e"}, Pair{"è", "e"}, Pair{"ê", "e"}, Pair{"ë", "e"}, Pair{"à", "a"}, Pair{"â", "a"},
    Pair{"ä", "a"}, Pair{"ç", "c"}, Pair{"î", "i"}, Pair{"ï", "i"}, Pair{"ô", "o"}, Pair{"ö", "o"},
    Pair{"û", "u"}, Pair{"ü", "u"}, Pair{"É", "e"}, Pair{"Ö", "o"},
};

// The language that most people of a nationality grew up with.
constexpr std::array native_languages = {
    Pair{"NL", "N"},  Pair{"MA", "A"},  Pair{"TR", "T"},  Pair{"RO", "RO"}, Pair{"PL", "PL"}, Pair{"FR", "F"},
    Pair{"IT", "I"},  Pair{"ES", "S"},  Pair{"BG", "BG"}, Pair{"PT", "P"},  Pair{"DE", "D"},  Pair{"GB", "E"},
    Pair{"SY", "A"},  Pair{"AF", "DA"}, Pair{"IQ", "A"},  Pair{"IR", "FA"}, Pair{"SO", "SO"}, Pair{"ER", "TI"},
    Pair{"CD", "LN"}, Pair{"CM", "F"},  Pair{"GH", "E"},  Pair{"NG", "E"},  Pair{"GN", "F"},  Pair{"SN", "F"},
    Pair{"DZ", "A"},  Pair{"TN", "A"},  Pair{"EG", "A"},  Pair{"IN", "HI"}, Pair{"PK", "UR"}, Pair{"NP", "NE"},
    Pair{"CN", "ZH"}, Pair{"TH", "TH"}, Pair{"PH", "TL"}, Pair{"VN", "VI"}, Pair{"BR", "P"},  Pair{"US", "E"},
    Pair{"UA", "UA"}, Pair{"RU", "RU"}, Pair{"AL", "SQ"}, Pair{"XK", "SQ"}, Pair{"RS", "SR"}, Pair{"BA", "BS"},
    Pair{"HR", "HR"}, Pair{"GR", "GR"}, Pair{"HU", "HU"}, Pair{"SK", "SK"}, Pair{"CZ", "CZ"}, Pair{"LT", "LT"},
    Pair{"LV", "LV"}, Pair{"EE", "ET"}, Pair{"AT", "D"},  Pair{"IE", "E"},  Pair{"DK", "DK"}, Pair{"SE", "ZW"},
    Pair{"FI", "FI"}, Pair{"NO", "NO"}, Pair{"RW", "RW"}, Pair{"ET", "AM"}, Pair{"PS", "A"},  Pair{"LB", "A"},
    Pair{"TG", "F"},
};

std::string slug_of(std::string_view name) {
    std::string slug;
    for (std::size_t i = 0; i < name.size();) {
        const auto accent =
            std::ranges::find_if(accents, [&](const Pair& p) { return name.substr(i).starts_with(p.first); });
        if (accent != accents.end()) {
            slug += accent->second;
            i += accent->first.size();
            continue;
        }
        const char c = name[i++];
        if (c >= 'a' && c <= 'z') slug.push_back(c);
        if (c >= 'A' && c <= 'Z') slug.push_back(static_cast<char>(c - 'A' + 'a'));
    }
    return slug;
}

// Gathers names and their frequencies, and makes the pool when all are there.
class PoolBuilder {
  public:
    void add(std::string_view name, std::uint64_t bearers) {
        names_.push_back({json_text(name), slug_of(name)});
        weights_.push_back(bearers);
    }
    bool is_empty() const { return names_.empty(); }
    NamePool build() { return {std::move(names_), AliasTable(weights_)}; }

  private:
    std::vector<Name> names_;
    std::vector<std::uint64_t> weights_;
};

std::size_t side_of(std::string_view gewest) {
    return gewest == "WA" ? 1 : 0;
}

void read_family_names(DataFolder& data, Names& names) {
    const std::string file = "familienamen.tsv";
    const auto table = data.read(file, {"naam", "gewest", "frequentie"});
    std::array<PoolBuilder, 2> pools;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        pools[side_of(table.cell(row, "gewest"))].add(table.cell(row, "naam"),
                                                      data.whole_number(file, table.cell(row, "frequentie")));
    }
    for (std::size_t side = 0; side < 2; ++side) {
        data.need(!pools[side].is_empty(), file, "names of both VL and WA");
        names.family[side] = pools[side].build();
    }
}

void read_given_names(DataFolder& data, Names& names) {
    const std::string file = "voornamen.tsv";
    const auto table = data.read(file, {"naam", "geslacht", "gewest", "frequentie"});
    std::array<std::array<PoolBuilder, 2>, 2> pools;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        auto& pool = pools[side_of(table.cell(row, "gewest"))][table.cell(row, "geslacht") == "V" ? 1 : 0];
        pool.add(table.cell(row, "naam"), data.whole_number(file, table.cell(row, "frequentie")));
    }
    for (std::size_t side = 0; side < 2; ++side) {
        for (std::size_t gender = 0; gender < 2; ++gender) {
            data.need(!pools[side][gender].is_empty(), file, "names of men and women of both VL and WA");
            names.given[side][gender] = pools[side][gender].build();
        }
    }
}

void read_countries(DataFolder& data, Names& names) {
    const std::string file = "landen.tsv";
    const auto table = data.read(file, {"code", "gewicht"});
    std::vector<std::uint64_t> weights;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto code = table.cell(row, "code");
        const auto native = std::ranges::find(native_languages, code, &Pair::first);
        names.countries.push_back(
            {std::string(code), native == native_languages.end() ? "" : std::string(native->second)});
        weights.push_back(data.whole_number(file, table.cell(row, "gewicht")));
    }
    data.need(has_weight(weights), file, "a weight above zero");
    names.by_nationality = AliasTable(weights);
}

}  // namespace

Names Names::load(DataFolder& data) {
    Names names;
    read_family_names(data, names);
    read_given_names(data, names);
    read_countries(data, names);
    const auto phones = data.read("telefoonreeksen.tsv", {"notatie"});
    for (std::size_t row = 0; row < phones.rows(); ++row) names.phone_forms.emplace_back(phones.cell(row, "notatie"));
    const auto domains = data.read("email_domeinen.tsv", {"domein"});
    for (std::size_t row = 0; row < domains.rows(); ++row) names.mail_domains.emplace_back(domains.cell(row, "domein"));
    return names;
}

}  // namespace cvstroom::sandbox
