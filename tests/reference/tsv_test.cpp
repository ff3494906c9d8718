#include "reference/tsv.hpp"

#include "tests/reference/scratch_folder.hpp"

namespace cvstroom::reference {
namespace {

using test::ScratchFolder;

Error error_of(std::string_view text) {
    const ScratchFolder folder;
    const auto tsv = Tsv::read(folder.write("list.tsv", text));
    return tsv ? Error{} : tsv.error();
}

TEST(Tsv, ReadsCellsByName) {
    const ScratchFolder folder;
    const auto tsv = Tsv::read(folder.write("list.tsv", "code\tlabel\nA\tAppel\nB\t\n"));
    ASSERT_TRUE(tsv);
    EXPECT_EQ(tsv->rows(), 2U);
    EXPECT_EQ(tsv->cell(0, "label"), "Appel");
    EXPECT_EQ(tsv->cell(1, tsv->column("code")), "B");
    EXPECT_EQ(tsv->cell(1, "label"), "");
    EXPECT_EQ(tsv->column("parent"), -1);
    EXPECT_EQ(tsv->cell(0, "parent"), "");
}

TEST(Tsv, NeedsNoLineFeedAtTheEnd) {
    const ScratchFolder folder;
    const auto tsv = Tsv::read(folder.write("list.tsv", "code\nA\nB"));
    ASSERT_TRUE(tsv);
    EXPECT_EQ(tsv->rows(), 2U);
}

TEST(Tsv, KeepsItsCellsWhenMoved) {
    const ScratchFolder folder;
    auto tsv = Tsv::read(folder.write("list.tsv", "code\nA\n"));
    ASSERT_TRUE(tsv);
    const Tsv moved = std::move(*tsv);
    EXPECT_EQ(moved.cell(0, "code"), "A");
}

TEST(Tsv, NamesTheLineWithAnotherNumberOfCells) {
    const auto error = error_of("code\tlabel\nA\tAppel\nB\n");
    EXPECT_EQ(error.code, ErrorCode::invalid_input);
    EXPECT_TRUE(error.where.ends_with("list.tsv:3")) << error.where;
    EXPECT_EQ(error.message, "1 cells, but the header has 2");
}

TEST(Tsv, RefusesAnEmptyLineInBetween) {
    EXPECT_TRUE(error_of("code\tlabel\n\nB\tBanaan\n").where.ends_with(":2"));
}

TEST(Tsv, NamesTheLineThatIsNoUtf8) {
    const auto error = error_of("code\nA\n\xC3(\n");
    EXPECT_EQ(error.code, ErrorCode::invalid_input);
    EXPECT_TRUE(error.where.ends_with(":3")) << error.where;
}

TEST(Tsv, RefusesCarriageReturns) {
    EXPECT_TRUE(error_of("code\r\nA\r\n").where.ends_with(":1"));
}

TEST(Tsv, RefusesAnEmptyFile) {
    EXPECT_EQ(error_of("").code, ErrorCode::invalid_input);
}

TEST(Tsv, SaysWhichFileIsMissing) {
    const auto tsv = Tsv::read("/nowhere/list.tsv");
    ASSERT_FALSE(tsv);
    EXPECT_EQ(tsv.error().code, ErrorCode::not_found);
    EXPECT_EQ(tsv.error().where, "/nowhere/list.tsv");
}

}  // namespace
}  // namespace cvstroom::reference
