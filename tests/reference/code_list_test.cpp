#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "reference/reference.hpp"

namespace cvstroom::reference {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CodeItem item(std::string code, std::string parent = {}) {
    return {std::move(code), "", "", "", std::move(parent)};
}

CodeList regions() {
    return {"regios",
            {item("BE231A", "BE231"), item("BE2", "BE"), item("BE"), item("BE231", "BE2"), item("BE3", "BE")}};
}

TEST(CodeList, FindsExactCodesOnly) {
    const auto list = regions();
    ASSERT_NE(list.find("BE231A"), nullptr);
    EXPECT_EQ(list.find("BE231A")->parent, "BE231");
    EXPECT_EQ(list.find("be231a"), nullptr);
    EXPECT_EQ(list.find(""), nullptr);
}

TEST(CodeList, GivesDescendantsInListOrder) {
    EXPECT_THAT(regions().with_descendants("BE2"), ElementsAre("BE231A", "BE2", "BE231"));
    EXPECT_THAT(regions().with_descendants("BE3"), ElementsAre("BE3"));
    EXPECT_THAT(regions().with_descendants("FR"), IsEmpty());
}

TEST(CodeList, GivesAncestorsInnermostFirst) {
    EXPECT_THAT(regions().with_ancestors("BE231A"), ElementsAre("BE231A", "BE231", "BE2", "BE"));
    EXPECT_THAT(regions().with_ancestors("FR"), IsEmpty());
}

TEST(CodeList, StaysWholeWhenCopiedAndMoved) {
    auto original = std::make_unique<CodeList>(regions());
    CodeList assigned("", {});
    assigned = *original;
    const CodeList copy(*original);
    const CodeList moved(std::move(*original));
    original.reset();
    for (const CodeList* list : {&std::as_const(assigned), &copy, &moved}) {
        EXPECT_EQ(list->name(), "regios");
        ASSERT_NE(list->find("BE231"), nullptr);
        EXPECT_EQ(list->find("BE231"), &list->items()[3]);
        EXPECT_EQ(list->with_ancestors("BE231A").size(), 4U);
    }
}

TEST(CodeList, SuggestsOtherCaseThenFewEditsThenASharedPrefix) {
    const CodeList list("diplomas", {item("MAE5XYZ"), item("MAE5AHX"), item("MAE5AHH"), item("BBE3PQR")});
    EXPECT_THAT(list.nearest("mae5ahh", 5), ElementsAre("MAE5AHH"));
    EXPECT_THAT(list.nearest("MAE5AHK", 5), ElementsAre("MAE5AHH", "MAE5AHX", "MAE5XYZ"));
    EXPECT_THAT(list.nearest("MAE5AHK", 1), ElementsAre("MAE5AHH"));
    EXPECT_THAT(list.nearest("QQQ", 5), IsEmpty());
}

TEST(CodeList, SuggestsNothingWhenEveryCharacterDiffers) {
    const CodeList list("talen", {item("N"), item("F")});
    EXPECT_THAT(list.nearest("X", 5), IsEmpty());
    EXPECT_THAT(list.nearest("n", 5), ElementsAre("N"));
}

}  // namespace
}  // namespace cvstroom::reference
