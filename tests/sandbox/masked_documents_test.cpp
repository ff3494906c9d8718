// Masking (candidate/masking.hpp) over many CVs of fictional persons: nothing personal is left, and no code is lost.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <utility>
#include <vector>

#include "candidate/facts.hpp"
#include "candidate/masking.hpp"
#include "sandbox/generator.hpp"

namespace cvstroom::sandbox {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t documents = 300;
#else
constexpr std::uint64_t documents = 3000;
#endif

// What of a document must not be found in its masked form.
std::vector<std::string> personal_texts(const simdjson::dom::object& document) {
    std::vector<std::string> texts;
    const auto add = [&](const simdjson::dom::object& object, const char* member) {
        std::string_view text;
        if (object[member].get(text) == simdjson::SUCCESS && text.size() > 3) texts.emplace_back(text);
    };
    simdjson::dom::object person;
    if (document["natuurlijkPersoon"].get(person) == simdjson::SUCCESS) {
        for (const char* member :
             {"achternaam", "voornaam", "roepnaam", "email", "gsm", "telefoon", "website", "geboortedatum"})
            add(person, member);
        for (const char* address : {"officieelAdres", "contactAdres"}) {
            simdjson::dom::object place;
            if (person[address].get(place) == simdjson::SUCCESS) add(place, "straat");
        }
    }
    for (const auto& [list, member] : {std::pair{"ervaringen", "omschrijving"}, std::pair{"opleidingen", "info"},
                                       std::pair{"competenties", "beschrijving"}}) {
        simdjson::dom::array entries;
        if (document[list].get(entries) != simdjson::SUCCESS) continue;
        for (const simdjson::dom::element entry : entries) {
            simdjson::dom::object object;
            if (entry.get(object) == simdjson::SUCCESS) add(object, member);
        }
    }
    return texts;
}

TEST(MaskedDocuments, HoldNothingOfThePersonAndEveryCode) {
    const auto generator = Generator::load(CVSTROOM_SOURCE_DIR "/data", 11).value();
    simdjson::dom::parser parser;
    candidate::FactReader full_reader;
    candidate::FactReader masked_reader;
    std::size_t checked = 0;
    for (std::uint64_t number = 0; number < documents; ++number) {
        std::string full;
        generator->append(number, full);
        const std::string masked = candidate::mask(full);
        simdjson::dom::object document;
        ASSERT_EQ(parser.parse(full).get(document), simdjson::SUCCESS);
        for (const auto& text : personal_texts(document)) {
            ASSERT_EQ(masked.find(text), std::string::npos) << text << " of " << full;
            ++checked;
        }
        const auto& before = **full_reader.read(full);
        const auto& after = **masked_reader.read(masked);
        ASSERT_EQ(before.studies.size(), after.studies.size());
        ASSERT_EQ(before.competences.size(), after.competences.size());
        ASSERT_EQ(before.languages.size(), after.languages.size());
        ASSERT_EQ(before.professions.size(), after.professions.size());
        ASSERT_EQ(before.regions, after.regions);
        ASSERT_EQ(before.driving_licences, after.driving_licences);
        ASSERT_EQ(before.has_own_car, after.has_own_car);
    }
    EXPECT_GT(checked, documents * 8);
}

}  // namespace
}  // namespace cvstroom::sandbox
