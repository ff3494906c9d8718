#include "sandbox/trades.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "sandbox/fragments.hpp"

namespace cvstroom::sandbox {
namespace {

const std::string profession_file = "professions.tsv";

// Too few to be worth a choice: then the whole main domain counts as related.
constexpr std::size_t fewest_related = 3;

Vehicle vehicle_of(std::string_view rome) {
    if (rome == "N4101") return Vehicle::truck;
    return rome == "N4103" ? Vehicle::bus : Vehicle::car;
}

std::size_t main_domain_of(std::string_view rome) {
    const char letter = rome.empty() ? 'A' : rome.front();
    return letter >= 'A' && letter <= 'N' ? static_cast<std::size_t>(letter - 'A') : 0;
}

class TradeLoader {
  public:
    TradeLoader(DataFolder& data, const Diplomas& diplomas, Trades& trades)
        : data_(data), diplomas_(diplomas), trades_(trades) {}

    void load() {
        read_professions();
        read_competences();
        link_competences();
        read_titles();
        link_related();
        read_scores();
        read_employers();
        read_certificates();
    }

  private:
    void read_professions() {
        const auto table =
            data_.read(profession_file, {"code", "label_nl", "label_fr", "rome_v3", "isco08", "gewicht"});
        std::vector<std::uint64_t> weights;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto code = table.cell(row, "code");
            profession_positions_.emplace(code, trades_.professions.size());
            rome_codes_.emplace_back(table.cell(row, "rome_v3"));
            trades_.professions.push_back(
                make_profession(code, table.cell(row, "label_nl"), table.cell(row, "label_fr"), rome_codes_.back()));
            const auto isco = table.cell(row, "isco08");
            if (!isco.empty()) trades_.professions.back().isco_group = isco.front();
            weights.push_back(data_.whole_number(profession_file, table.cell(row, "gewicht")));
        }
        data_.need(has_weight(weights), profession_file, "a weight above zero");
        trades_.by_demand = AliasTable(weights);
    }

    Profession make_profession(std::string_view code, std::string_view dutch, std::string_view french,
                               std::string_view rome) {
        Profession profession;
        if (french.empty()) french = dutch;
        profession.label = {make_phrase(dutch), make_phrase(french)};
        for (std::size_t i = 0; i < 2; ++i) {
            profession.function_start[i] = R"({"titel":")" + profession.label[i].first + R"(","ervaring":")";
        }
        profession.function_end = R"(","beroepsprofiel":{"code":")" + json_text(code) + R"("}})";
        const Branch& branch = branch_of(rome);
        profession.sector = sector_position(branch.sector);
        profession.field = diplomas_.field(branch.field);
        data_.need(profession.field < diplomas_.field_count(), profession_file, "the fields of diplomas.tsv");
        profession.main_domain = main_domain_of(rome);
        profession.vehicle = vehicle_of(rome);
        return profession;
    }

    void read_competences() {
        const auto table = data_.read("competences.tsv", {"code", "label_nl", "label_fr"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto code = table.cell(row, "code");
            const auto dutch = table.cell(row, "label_nl");
            const auto french = table.cell(row, "label_fr");
            competence_positions_.emplace(code, static_cast<std::uint32_t>(trades_.competences.size()));
            trades_.competences.push_back(
                {R"({"type":"technischeCompetentie","code":")" + json_text(code) + R"(","score":")",
                 {make_phrase(dutch), make_phrase(french.empty() ? dutch : french)}});
        }
    }

    void link_competences() {
        const std::string file = "profession_competences.tsv";
        const auto table = data_.read(file, {"profession_code", "competence_code"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto profession = profession_positions_.find(std::string(table.cell(row, "profession_code")));
            const auto competence = competence_positions_.find(std::string(table.cell(row, "competence_code")));
            const bool are_known =
                profession != profession_positions_.end() && competence != competence_positions_.end();
            data_.need(are_known, file, "known professions and competences");
            if (are_known) trades_.professions[profession->second].competences.push_back(competence->second);
        }
        for (const auto& profession : trades_.professions) {
            data_.need(profession.competences.size() > 1, file, "two competences for every profession");
        }
    }

    void read_titles() {
        const std::string file = "jobtitels.tsv";
        const auto table = data_.read(file, {"titel", "taal", "profession_code"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto profession = profession_positions_.find(std::string(table.cell(row, "profession_code")));
            data_.need(profession != profession_positions_.end(), file, "known professions");
            if (profession == profession_positions_.end()) return;
            const auto language = table.cell(row, "taal");
            const Tongue tongue = language == "fr"   ? Tongue::french
                                  : language == "en" ? Tongue::english
                                                     : Tongue::dutch;
            trades_.professions[profession->second].titles[at(tongue)].push_back(json_text(table.cell(row, "titel")));
        }
        for (auto& profession : trades_.professions) {
            for (std::size_t i = 0; i < tongues; ++i) {
                if (profession.titles[i].empty())
                    profession.titles[i].push_back(profession.label[i == 1 ? 1 : 0].first);
            }
        }
    }

    void link_related() {
        for (std::size_t i = 0; i < trades_.professions.size(); ++i) {
            auto& related = trades_.professions[i].related;
            for (const std::size_t length : {std::size_t{3}, std::size_t{1}, std::size_t{0}}) {
                if (related.size() >= fewest_related) break;
                related.clear();
                const auto domain = rome_codes_[i].substr(0, length);
                for (std::size_t j = 0; j < trades_.professions.size(); ++j) {
                    if (j != i && rome_codes_[j].starts_with(domain)) related.push_back(static_cast<std::uint32_t>(j));
                }
            }
            data_.need(!related.empty(), profession_file, "more than one profession");
        }
    }

    void read_scores() {
        const std::string file = "competentie_scores.tsv";
        const auto table = data_.read(file, {"code", "gewicht"});
        std::vector<std::uint64_t> weights;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            trades_.scores.push_back(json_text(table.cell(row, "code")));
            weights.push_back(data_.whole_number(file, table.cell(row, "gewicht")));
        }
        data_.need(has_weight(weights), file, "a weight above zero");
        trades_.by_frequency = AliasTable(weights);
    }

    void read_employers() {
        const std::string file = "werkgevers.tsv";
        const auto table = data_.read(file, {"naam", "rechtsvorm", "sector"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            std::string name = json_text(table.cell(row, "naam"));
            const auto form = table.cell(row, "rechtsvorm");
            if (!form.empty()) name += " " + json_text(form);
            const std::size_t sector = sector_position(table.cell(row, "sector"));
            data_.need(sector < sectors.size(), file, "sectors that stand in sectors.hpp");
            if (sector < sectors.size()) trades_.employers[sector].push_back(std::move(name));
        }
        for (const auto& employers : trades_.employers)
            data_.need(!employers.empty(), file, "employers of every sector");
    }

    void read_certificates() {
        const auto table = data_.read("attesten.tsv", {"code", "rome_hoofddomein"});
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const auto domain = table.cell(row, "rome_hoofddomein");
            auto& list = domain.empty() ? trades_.general_certificates : trades_.certificates[main_domain_of(domain)];
            list.push_back(json_text(table.cell(row, "code")));
        }
        data_.need(!trades_.general_certificates.empty(), "attesten.tsv", "certificates of no domain");
    }

    DataFolder& data_;
    const Diplomas& diplomas_;
    Trades& trades_;
    std::vector<std::string> rome_codes_;
    std::unordered_map<std::string, std::size_t> profession_positions_;
    std::unordered_map<std::string, std::uint32_t> competence_positions_;
};

}  // namespace

Trades Trades::load(DataFolder& data, const Diplomas& diplomas) {
    Trades trades;
    TradeLoader(data, diplomas, trades).load();
    return trades;
}

}  // namespace cvstroom::sandbox
