#include <utility>

#include "sandbox/fragments.hpp"
#include "sandbox/sections.hpp"

namespace cvstroom::sandbox {
namespace {

std::size_t name_side(Draft& draft) {
    switch (draft.home->territory) {
        case Territory::flanders:
            return draft.random.chance(12) ? 1 : 0;
        case Territory::brussels:
            return draft.random.chance(60) ? 1 : 0;
        case Territory::wallonia:
            return draft.random.chance(90) ? 1 : 0;
    }
    return 0;
}

// Most people have a Belgian number in one of its two notations, which stand first in the file.
const std::string& draw_phone_form(Draft& draft, const Names& names) {
    const std::size_t common = names.phone_forms.size() < 2 ? names.phone_forms.size() : 2;
    return names.phone_forms[draft.random.below(draft.random.chance(97) ? common : names.phone_forms.size())];
}

void append_phone(std::string& out, Draft& draft, const Names& names) {
    out += R"("gsm":")";
    for (const char c : draw_phone_form(draft, names)) {
        out += c == 'N' ? static_cast<char>('0' + draft.random.below(10)) : c;
    }
    out += "\",";
}

void append_address(std::string& out, Draft& draft, const Places& places, const Municipality& municipality) {
    const bool is_french = municipality.territory == Territory::wallonia ||
                           (municipality.territory == Territory::brussels && draft.random.chance(60));
    out += R"({"straat":")";
    out += draft.random.pick(is_french ? places.french_streets : places.dutch_streets);
    out += R"(","huisnummer":")";
    append_number(out, 1 + draft.random.below(1 + draft.random.below(220)));
    if (draft.random.chance(5)) out += static_cast<char>('A' + draft.random.below(4));
    if (draft.random.chance(municipality.territory == Territory::brussels ? 45 : 16)) {
        out += R"(","busnummer":")";
        append_number(out, 1 + draft.random.below(60));
    }
    out += "\",";
    out += draft.random.pick(municipality.address_ends);
    out += ',';
}

// The official address is the contact address more often than not.
void append_addresses(std::string& out, Draft& draft, const Places& places) {
    const std::size_t said = draft.random.below(100);
    if (said < 84) {
        out += R"("officieelAdres":)";
        const std::size_t start = out.size();
        append_address(out, draft, places, *draft.home);
        const std::size_t length = out.size() - start;
        out += R"("contactAdres":)";
        out.append(out, start, length);
        return;
    }
    if (said < 93) {
        const auto& neighbours = places.in_region[draft.home->region];
        out += R"("officieelAdres":)";
        append_address(out, draft, places, places.municipalities[draft.random.pick(neighbours)]);
    }
    out += R"("contactAdres":)";
    append_address(out, draft, places, *draft.home);
}

// Who moves goes to a municipality of the same region, and is officially there too.
void append_new_addresses(std::string& out, Draft& draft, const Places& places) {
    const Random before = std::exchange(draft.random, draft.random_of_change('m', draft.revision.moves));
    const auto& home = places.municipalities[draft.random.pick(places.in_region[draft.home->region])];
    out += R"("officieelAdres":)";
    const std::size_t start = out.size();
    append_address(out, draft, places, home);
    const std::size_t length = out.size() - start;
    out += R"("contactAdres":)";
    out.append(out, start, length);
    draft.random = before;
}

void append_slugs(std::string& out, Draft& draft, const Name& given, const Name& family, char separator) {
    out += given.slug;
    out += separator;
    out += family.slug;
    append_number(out, draft.random.below(1000));
}

}  // namespace

void append_person(std::string& out, Draft& draft, const Vocabulary& words) {
    Random& random = draft.random;
    const Names& names = words.names;
    const std::size_t side = name_side(draft);
    const Name& family = names.family[side].draw(random);
    const Name& given = names.given[side][draft.is_woman ? 1 : 0].draw(random);
    out += R"("natuurlijkPersoon":{)";
    if (random.chance(95)) append_phone(out, draft, names);
    const std::size_t start = out.size();
    append_addresses(out, draft, words.places);
    if (draft.revision.moves > 0) {
        out.resize(start);
        append_new_addresses(out, draft, words.places);
    }
    if (random.chance(97)) {
        out += R"("email":")";
        append_slugs(out, draft, given, family, '.');
        out += '@';
        out += random.pick(names.mail_domains);
        out += "\",";
    }
    out += R"("achternaam":")";
    out += family.text;
    out += R"(","voornaam":")";
    out += given.text;
    if (random.chance(80)) {
        out += R"(","roepnaam":")";
        out += given.text;
    }
    if (random.chance(15)) {
        out += R"(","website":"https://www.)";
        out += random.pick(names.mail_domains);
        out += "/in/";
        append_slugs(out, draft, given, family, '-');
    }
    out += R"(","geslacht":")";
    out += random.below(300) == 0 ? 'X' : draft.is_woman ? 'V' : 'M';
    out += R"(","nationaliteit":")";
    out += draft.country->code;
    out += R"(","geboortedatum":")";
    append_date(out, draft.born);
    out += "\"},";
}

}  // namespace cvstroom::sandbox
