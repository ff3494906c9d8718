#include "sandbox/seed_candidates.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "candidate/canonical.hpp"
#include "tests/sandbox/documents.hpp"

namespace cvstroom::sandbox {
namespace {

std::vector<candidate::Candidate> load() {
    std::vector<candidate::Candidate> candidates;
    const auto texts = load_seed_candidates(test::data_folder).value();
    for (const auto& text : texts) candidates.push_back(test::parse(text));
    return candidates;
}

TEST(SeedCandidates, AreValidAndCanonical) {
    const auto texts = load_seed_candidates(test::data_folder).value();
    ASSERT_EQ(texts.size(), 8U);
    for (const auto& text : texts) EXPECT_EQ(candidate::to_canonical(test::parse(text)), text);
}

TEST(SeedCandidates, AnswerTheSeedsSearchNewestFirst) {
    std::vector<std::string> found;
    for (const auto& cv : load()) {
        if (test::matches_seed_search(cv)) found.push_back(cv.id.to_string());
    }
    std::ranges::reverse(found);
    EXPECT_THAT(found,
                testing::ElementsAre("0f263a0e-cd00-4325-8ce3-4163740c101d", "e67fe67c-1e06-4bfb-aa13-4c7532938100",
                                     "9cd21b39-92e5-451e-990d-58029ece4e67", "30966b99-ed6d-40d3-be16-053c6d040327",
                                     "0d3c13b1-b7f8-4dc1-9728-339d555a9048", "cb60cf85-1380-4a5a-adae-0b7bc6160661",
                                     "d2e6e03f-1acd-4d03-a44a-5b735343eb9b"));
}

TEST(SeedCandidates, HaveTheSameOrderByDate) {
    const auto candidates = load();
    EXPECT_TRUE(std::is_sorted(candidates.begin() + 1, candidates.end(),
                               [](const auto& a, const auto& b) { return a.changed_on < b.changed_on; }));
}

TEST(SeedCandidates, KeepWhatTheSeedShows) {
    const auto candidates = load();
    const auto& shown = candidates.front();
    EXPECT_EQ(shown.id.to_string(), "30dbfef1-59df-4521-a111-964bf0208e68");
    EXPECT_EQ(format_date(shown.changed_on), "2022-08-03");
    EXPECT_EQ(shown.ikl_id, 11116485);
    EXPECT_EQ(shown.person->official_address->municipality, "1770-LIEDEKERKE");
    EXPECT_EQ(shown.experiences->size(), 6U);
    EXPECT_TRUE(test::has_diploma(shown, "MAE5AHH"));
    EXPECT_THAT(*shown.wanted_job->regions, testing::ElementsAre("BE1", "BE231B", "BE234B", "BE241A", "BE241B"));
    const auto& other = candidates[2];
    EXPECT_EQ(other.id.to_string(), "cb60cf85-1380-4a5a-adae-0b7bc6160661");
    EXPECT_EQ(format_date(other.changed_on), "2022-07-27");
    EXPECT_EQ(other.person->contact_address->box, "D001");
}

TEST(SeedCandidates, KeepContactsWithinTheSafeRanges) {
    for (const auto& cv : load()) test::expect_safe_contacts(*cv.person);
}

TEST(SeedCandidates, SayWhichFileIsMissing) {
    const auto missing = load_seed_candidates("/nowhere");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::not_found);
    EXPECT_EQ(missing.error().where, "/nowhere/seed_candidates.ndjson");
}

}  // namespace
}  // namespace cvstroom::sandbox
