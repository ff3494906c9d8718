#include "candidate/masking.hpp"

#include <simdjson.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/json_writer.hpp"

namespace cvstroom::candidate {
namespace {

namespace dom = simdjson::dom;

constexpr int year_step = 5;
constexpr std::size_t shortest_value = 3;  // a shorter one, such as a house number, says nothing of its own
constexpr std::size_t shortest_word = 4;   // of a name: "De" and "Van" stand in every second employer's name
constexpr int longest_number = 7;          // digits; more of them may be a telephone or register number

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Without case, accents and the ways in which Unicode can write the same letter: a name is recognised however somebody
// typed it.
std::string folded(std::string_view text) {
    std::string low(text);
    std::transform(low.begin(), low.end(), low.begin(), lower);
    if (is_ascii(low)) return low;
    UErrorCode error = U_ZERO_ERROR;
    static const auto* const casefold = icu::Normalizer2::getNFKCCasefoldInstance(error);
    static const auto* const decompose = icu::Normalizer2::getNFDInstance(error);
    const auto letters = decompose->normalize(casefold->normalize(icu::UnicodeString::fromUTF8(low), error), error);
    icu::UnicodeString plain;
    for (std::int32_t i = 0; i < letters.length(); i = letters.moveIndex32(i, 1)) {
        const UChar32 letter = letters.char32At(i);
        if (u_charType(letter) != U_NON_SPACING_MARK) plain.append(letter);
    }
    low.clear();
    return plain.toUTF8String(low);
}
bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

std::string_view text_of(const dom::object& object, std::string_view name) {
    std::string_view text;
    if (object[name].get(text) != simdjson::SUCCESS) return {};
    return text;
}

// What the document says of its person, and whether a text holds any of it.
class Person {
  public:
    explicit Person(const dom::object& document) {
        dom::object person;
        if (document["natuurlijkPersoon"].get(person) != simdjson::SUCCESS) return;
        for (const char* name : {"achternaam", "voornaam", "roepnaam"}) {
            const auto value = text_of(person, name);
            add_value(value);
            add_words(value);
        }
        for (const char* name : {"gsm", "telefoon", "email", "website"}) add_value(text_of(person, name));
        for (const char* address : {"officieelAdres", "contactAdres"}) {
            dom::object place;
            if (person[address].get(place) == simdjson::SUCCESS) add_value(text_of(place, "straat"));
        }
    }

    bool is_in(std::string_view text) const {
        const std::string low = folded(text);
        if (looks_personal(low)) return true;
        return std::any_of(values_.begin(), values_.end(),
                           [&](const auto& value) { return low.find(value) != std::string::npos; }) ||
               std::any_of(words_.begin(), words_.end(), [&](const auto& word) { return has_word(low, word); });
    }

  private:
    void add_value(std::string_view value) {
        if (value.size() >= shortest_word) values_.push_back(folded(value));
        if (value.size() == shortest_value) words_.push_back(folded(value));
    }
    void add_words(std::string_view value) {
        const std::string low = folded(value);
        for (std::size_t i = 0; i < low.size();) {
            std::size_t end = i;
            while (end < low.size() && is_word_character(low[end])) ++end;
            if (end - i >= shortest_word) words_.push_back(low.substr(i, end - i));
            i = end + 1;
        }
    }
    static bool has_word(std::string_view low, std::string_view word) {
        for (auto at = low.find(word); at != std::string_view::npos; at = low.find(word, at + 1)) {
            const auto end = at + word.size();
            if ((at == 0 || !is_word_character(low[at - 1])) && (end == low.size() || !is_word_character(low[end])))
                return true;
        }
        return false;
    }
    // A mail address, a link or a long number, whoever's it is.
    static bool looks_personal(std::string_view low) {
        if (low.find('@') != std::string_view::npos) return true;
        for (const char* mark : {"http", "www.", "linkedin"}) {
            if (low.find(mark) != std::string_view::npos) return true;
        }
        return std::count_if(low.begin(), low.end(), [](char c) { return c >= '0' && c <= '9'; }) > longest_number;
    }

    std::vector<std::string> values_;  // folded; wherever they stand
    std::vector<std::string> words_;   // folded; as whole words
};

class Masker {
  public:
    Masker(const dom::object& document, std::string& out) : document_(document), person_(document), json_(out) {}

    void write() {
        json_.begin_object();
        for (const auto& member : document_) {
            if (member.key == "cvId" || member.key == "status" || member.key == "wijzigingsDatum") {
                keep(member.key, member.value);
            } else if (member.key == "natuurlijkPersoon") {
                write_person(member.value);
            } else if (member.key == "ervaringen") {
                write_list(member.key, member.value, [this](const dom::object& entry) { write_experience(entry); });
            } else if (member.key == "opleidingen") {
                write_list(member.key, member.value, [this](const dom::object& entry) { write_education(entry); });
            } else if (member.key == "attesteringen") {
                write_list(member.key, member.value, [this](const dom::object& entry) {
                    write_plain(entry, {"type", "code", "eigenWagen"});
                });
            } else if (member.key == "competenties") {
                write_list(member.key, member.value, [this](const dom::object& entry) { write_competence(entry); });
            } else if (member.key == "gewensteJob") {
                write_job(member.value);
            }
        }
        json_.end_object();
    }

  private:
    void keep(std::string_view name, const dom::element& value) {
        std::string_view text;
        json_.key(name);
        if (value.get(text) == simdjson::SUCCESS) {
            json_.string(text);
        } else {
            json_.raw(simdjson::minify(value));
        }
    }
    // A number, a truth value or a text; never an object or a list that could hold more.
    void keep_scalar(std::string_view name, const dom::element& value) {
        if (!value.is_object() && !value.is_array()) keep(name, value);
    }
    void keep_text(std::string_view name, const dom::element& value) {
        std::string_view text;
        if (value.get(text) == simdjson::SUCCESS && !person_.is_in(text)) json_.key(name).string(text);
    }
    void write_members(const dom::object& object, std::initializer_list<std::string_view> names) {
        for (const auto& member : object) {
            if (std::find(names.begin(), names.end(), member.key) != names.end()) keep_scalar(member.key, member.value);
        }
    }
    void write_plain(const dom::object& entry, std::initializer_list<std::string_view> names) {
        json_.begin_object();
        write_members(entry, names);
        json_.end_object();
    }

    template <typename Write>
    void write_list(std::string_view name, const dom::element& value, const Write& write) {
        dom::array entries;
        if (value.get(entries) != simdjson::SUCCESS) return;
        json_.key(name).begin_array();
        for (const dom::element entry : entries) {
            dom::object object;
            if (entry.get(object) == simdjson::SUCCESS) write(object);
        }
        json_.end_array();
    }
    // A list of codes: whatever in it is no text goes.
    void write_codes(std::string_view name, const dom::element& value) {
        dom::array codes;
        if (value.get(codes) != simdjson::SUCCESS) return;
        json_.key(name).begin_array();
        for (const dom::element code : codes) {
            std::string_view text;
            if (code.get(text) == simdjson::SUCCESS) json_.string(text);
        }
        json_.end_array();
    }

    void write_person(const dom::element& value) {
        dom::object person;
        if (value.get(person) != simdjson::SUCCESS) return;
        json_.key("natuurlijkPersoon").begin_object();
        for (const auto& member : person) {
            dom::object address;
            if (member.key == "officieelAdres" || member.key == "contactAdres") {
                if (member.value.get(address) != simdjson::SUCCESS) continue;
                json_.key(member.key);
                write_plain(address, {"postcode", "gemeente", "land"});
            } else if (member.key == "geboortedatum") {
                write_birth_year(member.value);
            }
        }
        json_.end_object();
    }
    void write_birth_year(const dom::element& value) {
        std::string_view date;
        int year = 0;
        if (value.get(date) != simdjson::SUCCESS || date.size() < 4) return;
        const auto [end, fault] = std::from_chars(date.data(), date.data() + 4, year);
        if (fault == std::errc{} && end == date.data() + 4) json_.member("geboortejaar", year - year % year_step);
    }

    void write_experience(const dom::object& entry) {
        json_.begin_object();
        for (const auto& member : entry) {
            dom::object employer;
            if (member.key == "type" || member.key == "van" || member.key == "tot") {
                keep_scalar(member.key, member.value);
            } else if (member.key == "functieTitel") {
                keep_text(member.key, member.value);
            } else if (member.key == "werkgever" && member.value.get(employer) == simdjson::SUCCESS) {
                json_.key(member.key).begin_object();
                dom::element name;
                if (employer["naam"].get(name) == simdjson::SUCCESS) keep_text("naam", name);
                json_.end_object();
            }
        }
        json_.end_object();
    }

    // The name of a study is a code; that of a course is free text.
    void write_education(const dom::object& entry) {
        json_.begin_object();
        write_members(entry, {"type", "behaaldOp", "behaaldIn", "diploma"});
        if (text_of(entry, "type") == "studie") write_members(entry, {"naam"});
        json_.end_object();
    }

    void write_competence(const dom::object& entry) {
        if (text_of(entry, "type") != "vrijeCompetentie") write_plain(entry, {"type", "code", "niveau", "score"});
    }

    void write_function(const dom::object& entry) {
        json_.begin_object();
        for (const auto& member : entry) {
            dom::object profile;
            if (member.key == "titel") {
                keep_text(member.key, member.value);
            } else if (member.key == "ervaring") {
                keep_scalar(member.key, member.value);
            } else if (member.key == "beroepsprofiel" && member.value.get(profile) == simdjson::SUCCESS) {
                json_.key(member.key);
                write_plain(profile, {"code"});
            }
        }
        json_.end_object();
    }

    void write_job(const dom::element& value) {
        dom::object job;
        if (value.get(job) != simdjson::SUCCESS) return;
        json_.key("gewensteJob").begin_object();
        for (const auto& member : job) {
            if (member.key == "arbeidsRegimes" || member.key == "arbeidsStelsels" || member.key == "regios") {
                write_codes(member.key, member.value);
            } else if (member.key == "functies") {
                write_list(member.key, member.value, [this](const dom::object& entry) { write_function(entry); });
            }
        }
        json_.end_object();
    }

    const dom::object& document_;
    const Person person_;
    JsonWriter json_;
};

constexpr std::array hidden_paths{
    "iklId",
    "persoonlijkeInteresse",
    "natuurlijkPersoon.gsm",
    "natuurlijkPersoon.telefoon",
    "natuurlijkPersoon.email",
    "natuurlijkPersoon.achternaam",
    "natuurlijkPersoon.voornaam",
    "natuurlijkPersoon.roepnaam",
    "natuurlijkPersoon.website",
    "natuurlijkPersoon.geslacht",
    "natuurlijkPersoon.nationaliteit",
    "natuurlijkPersoon.geboortedatum",
    "natuurlijkPersoon.officieelAdres.straat",
    "natuurlijkPersoon.officieelAdres.huisnummer",
    "natuurlijkPersoon.officieelAdres.busnummer",
    "natuurlijkPersoon.contactAdres.straat",
    "natuurlijkPersoon.contactAdres.huisnummer",
    "natuurlijkPersoon.contactAdres.busnummer",
    "ervaringen.omschrijving",
    "opleidingen.info",
    "competenties.naam",
    "competenties.beschrijving",
};

}  // namespace

std::string mask(std::string_view canonical) {
    thread_local dom::parser parser;
    dom::object document;
    if (parser.parse(canonical.data(), canonical.size()).get(document) != simdjson::SUCCESS) return "{}";
    std::string masked;
    masked.reserve(canonical.size());
    Masker(document, masked).write();
    return masked;
}

bool survives_masking(std::string_view path) {
    return std::find(hidden_paths.begin(), hidden_paths.end(), path) == hidden_paths.end();
}

}  // namespace cvstroom::candidate
