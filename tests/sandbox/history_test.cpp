#include "sandbox/history.hpp"

#include <map>
#include <set>

#include "base/digest.hpp"
#include "tests/sandbox/documents.hpp"

namespace cvstroom::sandbox {
namespace {

using candidate::Status;
using test::generator;

constexpr std::uint64_t cvs = 200;
constexpr std::uint64_t steps = 6000;

std::vector<Step> take(History& history, std::uint64_t count) {
    std::vector<Step> taken;
    for (; count > 0; --count) taken.push_back(history.next());
    return taken;
}

// A long life of a small sandbox: made once for all tests.
const std::vector<Step>& life() {
    static const auto made = [] {
        History history(generator(), cvs, 7);
        return take(history, steps);
    }();
    return made;
}

void expect_equal(const Step& a, const Step& b) {
    EXPECT_EQ(a.number, b.number);
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.cv, b.cv);
    EXPECT_EQ(a.document, b.document);
}

TEST(History, IsTheSameAgain) {
    History again(generator(), cvs, 7);
    for (const auto& step : life()) expect_equal(step, again.next());
}

// Written down, as a partner's bug report says "seed 7, step 500".
TEST(History, IsTheSameEverywhere) {
    std::string all;
    for (std::size_t i = 0; i < 1000; ++i) all += life()[i].document + '\n';
    EXPECT_EQ(to_hex(sha256(all)), "3e011cc7ed0566b28d81d5479620d603aa95ce19f090f9a89ee4eef3d47bf435");
}

TEST(History, IsAnotherFromAnotherSeed) {
    History other(generator(), cvs, 8);
    std::size_t equal = 0;
    for (std::size_t i = 0; i < 100; ++i) equal += other.next().document == life()[i].document ? 1 : 0;
    EXPECT_LT(equal, 5U);
}

TEST(History, GoesOnWhereItStopped) {
    for (const std::uint64_t stop : {1U, 500U, 5000U}) {
        History resumed(generator(), cvs, 7);
        resumed.skip(stop);
        EXPECT_EQ(resumed.taken(), stop);
        for (std::uint64_t i = stop; i < stop + 50; ++i) expect_equal(life()[i], resumed.next());
    }
}

TEST(History, WritesOnlyValidDocumentsThatSayWhatHappened) {
    for (const auto& step : life()) {
        const auto cv = test::parse(step.document);
        ASSERT_EQ(cv.id, step.cv);
        const Status expected = step.kind == ChangeKind::erase      ? Status::erased
                                : step.kind == ChangeKind::withdraw ? Status::closed
                                                                    : Status::open;
        ASSERT_EQ(cv.status, expected) << step.number;
        ASSERT_FALSE(test::matches_seed_search(cv)) << "the description's search keeps its answer";
        if (cv.person) test::expect_safe_contacts(*cv.person);
    }
}

// Only what is published can be withdrawn, only what was erased comes back, and so on.
TEST(History, TellsAPlausibleStory) {
    std::map<Uuid, Status> states;
    for (std::uint64_t number = 0; number < cvs; ++number) states[generator().id(number)] = Status::open;
    std::map<ChangeKind, std::size_t> kinds;
    for (const auto& step : life()) {
        ++kinds[step.kind];
        const auto known = states.find(step.cv);
        ASSERT_EQ(known == states.end(), step.kind == ChangeKind::add) << step.number;
        if (known == states.end()) {
            states[step.cv] = Status::open;
            continue;
        }
        Status& state = known->second;
        switch (step.kind) {
            case ChangeKind::edit:
                ASSERT_EQ(state, Status::open);
                break;
            case ChangeKind::withdraw:
                ASSERT_EQ(state, Status::open);
                state = Status::closed;
                break;
            case ChangeKind::publish:
                ASSERT_EQ(state, Status::closed);
                state = Status::open;
                break;
            case ChangeKind::bring_back:
                ASSERT_EQ(state, Status::erased);
                state = Status::open;
                break;
            default:
                ASSERT_NE(state, Status::erased);
                state = Status::erased;
        }
    }
    const auto share = [&](ChangeKind kind) { return double(kinds[kind]) / double(steps); };
    EXPECT_NEAR(share(ChangeKind::edit), 0.74, 0.03);
    EXPECT_NEAR(share(ChangeKind::withdraw), 0.09, 0.02);
    EXPECT_NEAR(share(ChangeKind::publish), 0.07, 0.02);
    EXPECT_NEAR(share(ChangeKind::erase), 0.04, 0.02);
    EXPECT_NEAR(share(ChangeKind::add), 0.05, 0.02);
    EXPECT_GT(kinds[ChangeKind::bring_back], 0U);
}

TEST(History, AnEditChangesOnePartAndKeepsThePerson) {
    std::map<Uuid, std::string> before;
    for (std::uint64_t number = 0; number < cvs; ++number) before[generator().id(number)] = test::document(number);
    std::size_t edits = 0;
    std::size_t without_effect = 0;
    for (const auto& step : life()) {
        std::string& old = before[step.cv];
        if (step.kind == ChangeKind::edit) {
            const auto was = test::parse(old);
            const auto is = test::parse(step.document);
            ++edits;
            if (old == step.document) ++without_effect;
            ASSERT_EQ(was.person->family_name, is.person->family_name);
            ASSERT_EQ(was.person->birth_date, is.person->birth_date);
            ASSERT_EQ(was.educations.has_value(), is.educations.has_value());
        }
        if (step.kind != ChangeKind::erase) old = step.document;
    }
    EXPECT_GT(edits, steps / 2);
    EXPECT_LT(without_effect, edits / 20);
}

TEST(History, ACvThatChangesAThousandTimesStaysACv) {
    Revision revision;
    revision.jobs = revision.wishes = revision.levels = revision.moves = 1000;
    std::string text;
    generator().append(3, revision, text);
    EXPECT_LT(text.size(), test::document(3).size() + 6000);
    test::parse(text);
}

TEST(History, AnEmptySandboxComesToLife) {
    History history(generator(), 0, 1);
    std::set<Uuid> ids;
    for (const auto& step : take(history, 500)) ids.insert(step.cv);
    EXPECT_GT(ids.size(), 10U);
}

TEST(History, AnUnchangedRevisionIsTheDocumentAsFirstMade) {
    std::string text;
    generator().append(12, Revision{}, text);
    EXPECT_EQ(text, test::document(12));
}

}  // namespace
}  // namespace cvstroom::sandbox
