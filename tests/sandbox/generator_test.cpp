#include "sandbox/generator.hpp"

#include <algorithm>
#include <thread>
#include <unordered_set>

#include "candidate/canonical.hpp"
#include "sandbox/draft.hpp"
#include "tests/sandbox/documents.hpp"

namespace cvstroom::sandbox {
namespace {

using test::document;
using test::generator;

TEST(Generator, MakesTheSameBytesAgain) {
    const auto again = Generator::load(test::data_folder, 1).value();
    for (const std::uint64_t number : {0U, 1U, 999U, 123'456U, 4'000'000'000U}) {
        EXPECT_EQ(document(number), document(*again, number));
    }
}

// Written down, so that another compiler or a careless change shows: who made data with a seed wants the same again.
TEST(Generator, MakesTheSameBytesEverywhere) {
    const auto text = document(0);
    EXPECT_EQ(text.substr(0, 47), R"({"cvId":"b8d5c082-fc23-44dc-b23f-fdbe39c7030d",)");
}

TEST(Generator, MakesOtherDocumentsFromAnotherSeed) {
    const auto other = Generator::load(test::data_folder, 2).value();
    for (std::uint64_t number = 0; number < 20; ++number) EXPECT_NE(document(number), document(*other, number));
}

TEST(Generator, AppendsAndTouchesNothingElse) {
    std::string text = "kept\n";
    generator().append(5, text);
    EXPECT_EQ(text, "kept\n" + document(5));
}

TEST(Generator, MakesTheSameBytesOnEveryThread) {
    constexpr std::uint64_t count = 300;
    std::vector<std::string> alone;
    for (std::uint64_t number = 0; number < count; ++number) alone.push_back(document(number));
    std::vector<std::vector<std::string>> made(4);
    {
        std::vector<std::jthread> threads;
        for (auto& mine : made) {
            threads.emplace_back([&mine] {
                for (std::uint64_t number = 0; number < count; ++number) mine.push_back(document(number));
            });
        }
    }
    for (const auto& mine : made) EXPECT_EQ(mine, alone);
}

TEST(Generator, MakesValidDocumentsInCanonicalForm) {
    for (std::uint64_t i = 0; i < 3000; ++i) {
        const auto text = document(i * 1013);
        const auto cv = test::parse(text);
        ASSERT_EQ(candidate::to_canonical(cv), text);
        EXPECT_EQ(cv.status, candidate::Status::open);
    }
}

TEST(Generator, MakesDocumentsOfFourToSixKilobytes) {
    std::vector<std::size_t> sizes;
    std::size_t total = 0;
    for (std::uint64_t number = 0; number < 5000; ++number) {
        sizes.push_back(document(number).size());
        total += sizes.back();
    }
    EXPECT_GT(total / sizes.size(), 4000U);
    EXPECT_LT(total / sizes.size(), 6000U);
    std::ranges::sort(sizes);
    EXPECT_LT(sizes[sizes.size() / 10], 3500U);
    EXPECT_GT(sizes[sizes.size() * 9 / 10], 5500U);
}

TEST(Generator, GivesEachDocumentItsOwnId) {
    constexpr std::size_t id_start = sizeof(R"({"cvId":")") - 1;
    std::unordered_set<std::string> ids;
    for (std::uint64_t number = 0; number < 50'000; ++number) {
        const auto id = document(number).substr(id_start, 36);
        EXPECT_EQ(id[14], '4');
        EXPECT_TRUE(ids.insert(id).second) << id;
    }
}

TEST(ChangeDate, NeverFallsAndStaysInItsRange) {
    using namespace std::chrono_literals;
    EXPECT_EQ(change_date(0), std::chrono::sys_days(2024y / 1 / 1));
    EXPECT_EQ(change_date(~std::uint64_t{0}), std::chrono::sys_days(2026y / 10 / 31));
    auto last = change_date(0);
    for (std::uint64_t number = 1; number < 3'000'000; number += 7) {
        const auto date = change_date(number);
        ASSERT_LE(last, date) << number;
        last = date;
    }
    for (std::uint64_t number = 1; number < std::uint64_t{1} << 62U; number *= 2) {
        ASSERT_LE(change_date(number - 1), change_date(number)) << number;
    }
}

TEST(ChangeDate, SpreadsAThousandDocumentsAndAMillionOverMonths) {
    using std::chrono::days;
    EXPECT_GT(change_date(1000) - change_date(0), days(60));
    EXPECT_GT(change_date(1'000'000) - change_date(0), days(600));
    EXPECT_GT(change_date(1'000'000) - change_date(500'000), days(60));
}

TEST(Generator, WritesTheChangeDate) {
    for (const std::uint64_t number : {0U, 5000U, 700'000U}) {
        EXPECT_EQ(std::chrono::sys_days(test::parse(document(number)).changed_on), change_date(number));
    }
}

}  // namespace
}  // namespace cvstroom::sandbox
