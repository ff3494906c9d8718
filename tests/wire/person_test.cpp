// The rights of the person at the provider's door, on a server that has the CV in its caches and was asked for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/file_search.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using test::ask;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* id = "00000001-0000-4000-8000-000000000000";
const std::string path = std::string("/services/openservices/v1/kandidaten/") + id;
const std::string person = std::string("/beheer/v1/personen/") + id;

// Long enough to fill pages of its own, and nothing that zstd can shorten to nothing.
std::string document() {
    std::string words;
    for (unsigned n = 0; n < 400; ++n) words += "Zilverdrager" + std::to_string(n * 7919U % 10007U) + " ";
    return R"({"cvId":")" + std::string(id) +
           R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","natuurlijkPersoon":{"voornaam":"Zilverdrager"},)"
           R"("gewensteJob":{"regios":["BE231A"],"functies":[{"titel":"Zilverdrager"}]},"notitie":")" +
           words + "\"}";
}

TEST(PersonWireTest, ExportTellsWhoReceivedItAndErasureReachesEveryFileAndCache) {
    test::RunningProgram program({document()});
    const auto provider = [&](const std::string& method) {
        return ask(program.administration_port(), program.administration_key(), {method, person, {}, ""});
    };
    ASSERT_EQ(ask(program.port(), program.key(), {"GET", path, {}, ""}).status, 200U);
    ASSERT_EQ(ask(program.port(), program.key(), {"GET", path, {"Accept-Encoding: zstd"}, ""}).status, 200U);
    const auto held = provider("GET");
    EXPECT_EQ(held.status, 200U);
    EXPECT_THAT(held.body, HasSubstr("Zilverdrager"));
    EXPECT_THAT(held.body, HasSubstr(R"("partner":"Test partner","sleutel":")" + program.key().substr(0, 12) +
                                     R"(","aanvraag":"detail","velden":"*","versie":1)"));
    std::vector<std::string> pieces;
    {
        const SystemClock clock;
        const auto store =
            store::SqliteStore::open(program.database(), store::SqliteStore::Mode::open_existing, clock).value();
        pieces = test::pieces_of(store->document(1).value().value());
    }
    const auto folder = std::filesystem::path(program.database()).parent_path();
    ASSERT_THAT(test::files_with(folder, pieces), Not(IsEmpty())) << "else this would prove nothing";

    const auto erased = provider("DELETE");
    EXPECT_EQ(erased.status, 200U);
    EXPECT_THAT(erased.body, HasSubstr(R"("resultaat":"GEWIST")"));
    EXPECT_THAT(erased.body, HasSubstr(R"("bestanden":"GEWIST")"));
    pieces.push_back("Zilverdrager");
    bool is_gone = false;
    for (int tries = 0; tries < 200 && !is_gone; ++tries) {
        is_gone = test::files_with(folder, pieces).empty();
        if (!is_gone) std::this_thread::sleep_for(std::chrono::milliseconds{25});
    }
    EXPECT_TRUE(is_gone) << testing::PrintToString(test::files_with(folder, pieces));
    EXPECT_THAT(ask(program.port(), program.key(), {"GET", path, {}, ""}).body, Not(HasSubstr("Zilverdrager")));
    EXPECT_THAT(ask(program.port(), program.key(),
                    {"GET", "/services/openservices/v1/kandidaten/bulk?van=2020-01-01T00:00:00Z", {}, ""})
                    .body,
                HasSubstr("VERWIJDERD"));
    const auto left = provider("GET");
    EXPECT_THAT(left.body, HasSubstr(R"("status":"VERWIJDERD")"));
    EXPECT_THAT(left.body, HasSubstr(R"("aanvraag":"detail")")) << "who received it stays known";
    EXPECT_THAT(left.body, Not(HasSubstr("Zilverdrager")));
    EXPECT_EQ(program.stop(), 0);
    EXPECT_THAT(test::files_with(folder, pieces), IsEmpty());
}

}  // namespace
}  // namespace cvstroom
