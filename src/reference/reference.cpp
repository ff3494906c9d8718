#include "reference/reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "reference/tsv.hpp"

namespace cvstroom::reference {
namespace {

using candidate::CodeKind;

constexpr std::size_t suggestions = 3;

// Where a list comes from.
struct Source {
    CodeKind kind;
    const char* name;  // in the reference API
    const char* file;
    const char* label = "label_nl";
    const char* context = "";  // when given: only the rows with this value in the column `context`
};

// In the order of CodeKind: ReferenceData finds a list by its kind's number.
constexpr std::array sources = {
    Source{CodeKind::diploma, "diplomas", "diplomas.tsv"},
    Source{CodeKind::region, "regios", "regions.tsv"},
    Source{CodeKind::profession, "beroepen", "professions.tsv"},
    Source{CodeKind::competence, "competenties", "competences.tsv"},
    Source{CodeKind::competence_score, "competentiescores", "competentie_scores.tsv", "omschrijving_nl"},
    Source{CodeKind::soft_skill, "softskills", "softskills.tsv"},
    Source{CodeKind::language, "talen", "talen.tsv"},
    Source{CodeKind::language_level, "taalniveaus", "taalniveaus.tsv", "label_nl", "cv"},
    Source{CodeKind::driving_licence, "rijbewijzen", "rijbewijzen.tsv"},
    Source{CodeKind::certificate, "attesten", "attesten.tsv"},
    Source{CodeKind::work_regime, "arbeidsregimes", "arbeidsregimes.tsv"},
    Source{CodeKind::work_system, "arbeidsstelsels", "arbeidsstelsels.tsv"},
    Source{CodeKind::experience_level, "ervaringsniveaus", "ervaring.tsv"},
};

constexpr bool follows_code_kind() {
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (static_cast<std::size_t>(sources[i].kind) != i) return false;
    }
    return true;
}
static_assert(follows_code_kind());

// The items of one file with the line that each stood on, so that a fault can be named.
class ListReader {
  public:
    ListReader(const Source& source, const std::filesystem::path& folder)
        : source_(source), file_(folder / source.file) {}

    Result<CodeList> read() {
        auto tsv = Tsv::read(file_);
        if (!tsv) return tl::unexpected(std::move(tsv.error()));
        for (const char* needed : {"code", source_.label}) {
            if (tsv->column(needed) < 0) return fault(0, fmt::format("the header has no column \"{}\"", needed));
        }
        take_items(*tsv);
        if (auto checked = check_codes(); !checked) return tl::unexpected(std::move(checked.error()));
        if (auto checked = check_parents(); !checked) return tl::unexpected(std::move(checked.error()));
        return CodeList(source_.name, std::move(items_));
    }

  private:
    tl::unexpected<Error> fault(std::size_t row_line, std::string message) const {
        return fail(ErrorCode::invalid_input, std::move(message),
                    fmt::format("{}:{}", file_.string(), row_line == 0 ? 1 : row_line));
    }

    void take_items(const Tsv& tsv) {
        const auto text = [&](std::size_t row, const char* column) { return std::string(tsv.cell(row, column)); };
        const bool is_filtered = *source_.context != '\0';
        for (std::size_t row = 0; row < tsv.rows(); ++row) {
            if (is_filtered && tsv.cell(row, "context") != source_.context) continue;
            items_.push_back({text(row, "code"), text(row, source_.label), text(row, "label_fr"), text(row, "label_en"),
                              text(row, "parent")});
            lines_.push_back(row + 2);
        }
    }

    Result<void> check_codes() {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (items_[i].code.empty()) return fault(lines_[i], "an empty code");
            const auto [first, is_new] = positions_.emplace(items_[i].code, i);
            if (is_new) continue;
            return fault(lines_[i],
                         fmt::format("code {} stands on line {} too", items_[i].code, lines_[first->second]));
        }
        return {};
    }

    Result<void> check_parents() const {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            std::size_t at = i;
            for (std::size_t steps = 0; !items_[at].parent.empty(); ++steps) {
                if (steps == items_.size())
                    return fault(lines_[i], fmt::format("the parents of code {} go round in a circle", items_[i].code));
                const auto parent = positions_.find(items_[at].parent);
                if (parent == positions_.end()) {
                    return fault(lines_[at], fmt::format("parent {} of code {} does not exist", items_[at].parent,
                                                         items_[at].code));
                }
                at = parent->second;
            }
        }
        return {};
    }

    const Source& source_;
    const std::filesystem::path file_;
    std::vector<CodeItem> items_;
    std::vector<std::size_t> lines_;
    std::unordered_map<std::string_view, std::size_t> positions_;
};

}  // namespace

Result<std::shared_ptr<const ReferenceData>> ReferenceData::load(const std::filesystem::path& folder) {
    auto data = std::make_shared<ReferenceData>();
    data->lists_.reserve(sources.size());
    for (const auto& source : sources) {
        auto list = ListReader(source, folder).read();
        if (!list) return tl::unexpected(std::move(list.error()));
        data->lists_.push_back(std::move(*list));
    }
    return data;
}

const CodeList& ReferenceData::list(CodeKind kind) const {
    return lists_[static_cast<std::size_t>(kind)];
}

bool ReferenceData::knows(CodeKind kind, std::string_view code) const {
    return list(kind).find(code) != nullptr;
}

std::string ReferenceData::nearest(CodeKind kind, std::string_view code) const {
    return fmt::format("{}", fmt::join(list(kind).nearest(code, suggestions), ", "));
}

}  // namespace cvstroom::reference
