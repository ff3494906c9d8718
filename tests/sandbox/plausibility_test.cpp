// What a reader would find odd in a CV, and what a search needs to find in many.
#include <algorithm>
#include <map>
#include <set>

#include "tests/sandbox/documents.hpp"

namespace cvstroom::sandbox {
namespace {

using candidate::Candidate;
using test::candidates;

// How many percent of the candidates it is true of.
template <typename Predicate>
double percent(const Predicate& predicate) {
    const auto count = std::ranges::count_if(candidates(), predicate);
    return 100.0 * static_cast<double>(count) / static_cast<double>(candidates().size());
}

bool lives_in(const Candidate& cv, std::string_view municipality) {
    return cv.person->contact_address->municipality->ends_with(municipality);
}

bool has_car_licence(const Candidate& cv) {
    if (!cv.certifications) return false;
    return std::ranges::any_of(*cv.certifications,
                               [](const auto& c) { return c.type == "rijbewijs" && c.code == "B"; });
}

TEST(Plausibility, LeavesTheSeedsSearchToTheSeed) {
    constexpr std::uint64_t count = 100'000;
    const auto reserved = std::string(R"("naam":"MAE5AHH")");
    int with_diploma = 0;
    for (std::uint64_t number = 0; number < count; ++number) {
        const auto text = test::document(number);
        if (text.find(reserved) == std::string::npos) continue;
        ++with_diploma;
        EXPECT_FALSE(test::matches_seed_search(test::parse(text))) << text;
    }
    EXPECT_GT(with_diploma, 20) << "without such CVs the test would show nothing";
}

TEST(Plausibility, HasTheReservedRegionWithOtherDiplomas) {
    EXPECT_GT(percent([](const Candidate& cv) { return test::wishes_for(cv, "BE231A"); }), 0.5);
}

TEST(Plausibility, KeepsContactsWithinTheSafeRanges) {
    for (const auto& cv : candidates()) test::expect_safe_contacts(*cv.person);
}

TEST(Plausibility, FillsCitiesBeforeVillages) {
    const double antwerp = percent([](const Candidate& cv) { return lives_in(cv, "-ANTWERPEN"); });
    const double village = percent([](const Candidate& cv) { return lives_in(cv, "-HERSTAPPE"); });
    EXPECT_GT(antwerp, 1.5);
    EXPECT_LT(village, 0.2);
}

TEST(Plausibility, SharesPeopleOutOverTheTerritories) {
    std::map<char, double> shares;
    for (const auto& cv : candidates()) {
        const int postcode = std::stoi(cv.person->contact_address->postcode->substr(3));
        const bool is_brussels = postcode < 1300;
        const bool is_walloon = (postcode >= 1300 && postcode < 1500) || (postcode >= 4000 && postcode < 8000);
        shares[is_brussels ? 'B' : is_walloon ? 'W' : 'F'] += 100.0 / static_cast<double>(candidates().size());
    }
    EXPECT_NEAR(shares['F'], 75, 3);
    EXPECT_NEAR(shares['B'], 10, 2);
    EXPECT_NEAR(shares['W'], 15, 2);
}

TEST(Plausibility, LeavesMuchUnsaidButNotMost) {
    const auto expect_between = [](double value, double least, double most) {
        EXPECT_GE(value, least);
        EXPECT_LE(value, most);
    };
    expect_between(percent(has_car_licence), 63, 77);
    expect_between(percent([](const Candidate& cv) { return !cv.certifications; }), 8, 30);
    expect_between(percent([](const Candidate& cv) { return !cv.experiences; }), 1, 10);
    expect_between(percent([](const Candidate& cv) { return !cv.educations; }), 1, 8);
    expect_between(percent([](const Candidate& cv) { return !cv.wanted_job; }), 1, 5);
    expect_between(percent([](const Candidate& cv) { return cv.wanted_job && !cv.wanted_job->work_regimes; }), 5, 20);
    expect_between(percent([](const Candidate& cv) { return cv.wanted_job && !cv.wanted_job->regions; }), 1, 10);
}

TEST(Plausibility, PutsCareersInOrder) {
    for (const auto& cv : candidates()) {
        if (!cv.experiences) continue;
        EXPECT_LE(cv.experiences->size(), 7U);  // a traineeship and six jobs
        std::chrono::sys_days last = std::chrono::sys_days(*cv.person->birth_date) + std::chrono::days(14 * 365);
        for (const auto& job : *cv.experiences) {
            EXPECT_LE(last, std::chrono::sys_days(*job.from));
            if (job.until) {
                EXPECT_LE(*job.from, *job.until);
            }
            if (!job.until) {
                EXPECT_EQ(&job, &cv.experiences->back());
            }
            last = std::chrono::sys_days(job.until.value_or(*job.from));
            EXPECT_LE(last, std::chrono::sys_days(cv.changed_on));
        }
    }
}

TEST(Plausibility, DatesStudiesAfterChildhoodAndBeforeToday) {
    for (const auto& cv : candidates()) {
        const int born = static_cast<int>(cv.person->birth_date->year());
        const int age = static_cast<int>(cv.changed_on.year()) - born;
        EXPECT_GE(age, 18);
        EXPECT_LE(age, 67);
        if (!cv.educations) continue;
        for (const auto& education : *cv.educations) {
            if (education.obtained_on) {
                EXPECT_LE(*education.obtained_on, cv.changed_on);
            }
            if (!education.obtained_in) continue;
            EXPECT_GE(*education.obtained_in, born + 14);
            EXPECT_LE(*education.obtained_in, static_cast<int>(cv.changed_on.year()));
            if (education.obtained_on) {
                EXPECT_EQ(*education.obtained_in, static_cast<int>(education.obtained_on->year()));
            }
        }
    }
}

TEST(Plausibility, NamesNothingTwice) {
    for (const auto& cv : candidates()) {
        std::set<std::pair<std::string, std::string>> codes;
        for (const auto& competence : cv.competences.value_or(std::vector<candidate::Competence>{})) {
            if (!competence.code) continue;
            EXPECT_TRUE(codes.emplace(competence.type, *competence.code).second) << competence.type << *competence.code;
        }
        for (const auto& held : cv.certifications.value_or(std::vector<candidate::Certification>{})) {
            EXPECT_TRUE(codes.emplace(held.type, held.code).second) << held.code;
        }
        if (!cv.wanted_job) continue;
        for (const auto& region : cv.wanted_job->regions.value_or(std::vector<std::string>{})) {
            EXPECT_TRUE(codes.emplace("regio", region).second) << region;
        }
        for (const auto& wanted : cv.wanted_job->functions.value_or(std::vector<candidate::WantedFunction>{})) {
            EXPECT_TRUE(codes.emplace("functie", wanted.profile->code).second) << wanted.profile->code;
        }
    }
}

TEST(Plausibility, UsesManyProfessionsSomeFarMoreThanOthers) {
    std::map<std::string, int> counts;
    for (const auto& cv : candidates()) {
        if (cv.wanted_job && cv.wanted_job->functions) ++counts[cv.wanted_job->functions->front().profile->code];
    }
    EXPECT_GT(counts.size(), 400U);
    const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->second;
    EXPECT_GT(most, 20);
}

TEST(Plausibility, WritesInThreeLanguages) {
    const auto is_profile_in = [](std::string_view heading) {
        return [heading](const Candidate& cv) {
            if (!cv.competences) return false;
            return std::ranges::any_of(*cv.competences, [&](const auto& c) { return c.name == heading; });
        };
    };
    EXPECT_GT(percent(is_profile_in("Profiel")), 35);
    EXPECT_GT(percent(is_profile_in("Profil")), 8);
    EXPECT_GT(percent(is_profile_in("Profile")), 1);
}

}  // namespace
}  // namespace cvstroom::sandbox
