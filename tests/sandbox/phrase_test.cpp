#include "sandbox/phrase.hpp"

#include <gtest/gtest.h>

#include "sandbox/texts.hpp"

namespace cvstroom::sandbox {
namespace {

TEST(Phrase, LowersTheFirstLetterInsideASentence) {
    EXPECT_EQ(make_phrase("Management").inside, "management");
    EXPECT_EQ(make_phrase("Régulation").inside, "régulation");
    EXPECT_EQ(make_phrase("Management").first, "Management");
}

TEST(Phrase, KeepsAbbreviationsAsTheyAre) {
    EXPECT_EQ(make_phrase("ICT-ontwikkelingen bepalen").inside, "ICT-ontwikkelingen bepalen");
    EXPECT_EQ(make_phrase("E-mail").inside, "E-mail");
    EXPECT_EQ(make_phrase("").inside, "");
}

TEST(Phrase, IsJsonText) {
    EXPECT_EQ(make_phrase("Werken met \"lean\"").first, "Werken met \\\"lean\\\"");
}

std::string fill(const Template& form) {
    std::string out;
    form.append(out, [&](Slot slot, bool starts) {
        out += starts ? "Start" : "mid";
        out += std::to_string(static_cast<int>(slot));
    });
    return out;
}

TEST(Template, FillsItsSlots) {
    EXPECT_EQ(fill(*Template::parse("{beroep} met {jaren} jaar.")), "Start0 met mid1 jaar.");
    EXPECT_EQ(fill(*Template::parse("Zonder")), "Zonder");
    EXPECT_TRUE(Template::parse("Via {instelling}.")->has(Slot::school));
    EXPECT_FALSE(Template::parse("Via {instelling}.")->has(Slot::date));
}

TEST(Template, RefusesUnknownAndOpenPlaceholders) {
    EXPECT_FALSE(Template::parse("{loon} per maand"));
    EXPECT_FALSE(Template::parse("{beroep"));
}

}  // namespace
}  // namespace cvstroom::sandbox
