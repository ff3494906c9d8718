#include "reference/places.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>

#include "reference/tsv.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cvstroom::reference {
namespace {

const Places& places() {
    static const auto loaded = Places::load(CVSTROOM_SOURCE_DIR "/data").value();
    return loaded;
}

// Distances as the crow flies that any map shows.
TEST(Places, KnowsHowFarTownsAreApart) {
    EXPECT_NEAR(*places().distance(1000, 9000), 51, 2);   // Brussel, Gent
    EXPECT_NEAR(*places().distance(9300, 9320), 2, 1);    // Aalst, Erembodegem
    EXPECT_NEAR(*places().distance(8400, 6700), 266, 3);  // Oostende, Aarlen
    EXPECT_EQ(*places().distance(2800, 2800), 0);
}

TEST(Places, KnowsOnlyRealPostcodes) {
    EXPECT_TRUE(places().knows(2800));
    for (const Postcode unknown : std::initializer_list<Postcode>{0, 999, 1001, 9999, 10'000, 65'535}) {
        EXPECT_FALSE(places().knows(unknown)) << unknown;
        EXPECT_FALSE(places().distance(unknown, 2800)) << unknown;
        EXPECT_FALSE(places().distance(2800, unknown)) << unknown;
    }
}

TEST(Places, GivesAllDistancesAtOnce) {
    const auto all = places().distances(9300);
    ASSERT_EQ(all.size(), postcode_limit);
    std::size_t known = 0;
    for (std::size_t postcode = 0; postcode < all.size(); ++postcode) {
        const auto distance = places().distance(9300, static_cast<Postcode>(postcode));
        ASSERT_EQ(distance.has_value(), all[postcode] != Places::unknown_distance);
        if (!distance) continue;
        ++known;
        ASSERT_EQ(all[postcode], std::lround(*distance * 1000));
    }
    EXPECT_GT(known, 1000U);
}

// The haversine formula instead of the chord, on the rows of the file that name their municipality.
TEST(Places, AgreesWithTheHaversineFormula) {
    const auto tsv = Tsv::read(CVSTROOM_SOURCE_DIR "/data/postcodes.tsv").value();
    const auto radians = [&](std::size_t row, const char* column) {
        return std::stod(std::string(tsv.cell(row, column))) * std::numbers::pi / 180;
    };
    std::optional<std::size_t> before;
    for (std::size_t row = 0; row < tsv.rows(); ++row) {
        if (tsv.cell(row, "hoofdgemeente") != "1") continue;
        if (before) {
            const double a = std::pow(std::sin((radians(row, "lat") - radians(*before, "lat")) / 2), 2) +
                             std::cos(radians(row, "lat")) * std::cos(radians(*before, "lat")) *
                                 std::pow(std::sin((radians(row, "lon") - radians(*before, "lon")) / 2), 2);
            const double kilometres = 2 * 6371.0088 * std::asin(std::sqrt(a));
            const auto code = [&](std::size_t at) {
                return static_cast<Postcode>(std::stoi(std::string(tsv.cell(at, "postcode"))));
            };
            ASSERT_NEAR(*places().distance(code(*before), code(row)), kilometres, 0.001);
        }
        before = row;
    }
}

TEST(Places, NamesTheLineThatIsWrong) {
    for (const char* row : {"280\t1\t51\t4", "2800\t1\tx\t4", "2800\t1\t51\t", "2800\t1\t91\t4", "2800\t1\tnan\t4"}) {
        const test::TemporaryFolder folder;
        std::ofstream(folder / "postcodes.tsv") << "postcode\thoofdgemeente\tlat\tlon\n1000\t1\t50.8\t4.3\n"
                                                << row << '\n';
        const auto loaded = Places::load(folder.path());
        ASSERT_FALSE(loaded) << row;
        EXPECT_EQ(loaded.error().code, ErrorCode::invalid_input);
        EXPECT_TRUE(loaded.error().where.ends_with("postcodes.tsv:3")) << loaded.error().where;
    }
    const test::TemporaryFolder empty;
    EXPECT_EQ(Places::load(empty.path()).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace cvstroom::reference
