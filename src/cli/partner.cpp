// cvstroom partner: who may use the API, from application to end.
#include <fmt/format.h>

#include <memory>

#include "api/partner_report.hpp"
#include "cli/acting_person.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "partner/partners.hpp"

namespace cvstroom::cli {
namespace {

using partner::Partners;

struct Options {
    std::filesystem::path database;
    std::string name;
    std::string contact;
    std::string note;
    std::string by;
    std::string contract;
    std::string date;
    std::string signed_by;
    std::string product = std::string(partner::product_cv);
    std::string plan;
    partner::Limits limits;
    bool end = false;
    bool json = false;

    std::string who() const { return acting_person(by); }
};

void print_line(const std::string& line) {
    fmt::print("{}\n", line);
}

template <typename Value, typename Write>
void print_json(const Value& value, const Write& write) {
    std::string line;
    JsonWriter json(line);
    write(json, value);
    print_line(line);
}

void print_partner(const store::PartnerRecord& partner, bool json) {
    if (json) return print_json(partner, api::write_partner);
    fmt::print("{:30} {}\n", partner.name, partner.state);
    if (!partner.contact.empty()) fmt::print("  contact       {}\n", partner.contact);
    if (partner.contract) {
        fmt::print("  contract      {}, signed on {} by {}\n", partner.contract->reference,
                   format_date(partner.contract->signed_on), partner.contract->signed_by);
    }
    for (const auto& each : partner.subscriptions) {
        fmt::print("  subscription  {} ({}), {} requests a minute, {} a day\n", each.product, each.plan,
                   each.per_minute, each.per_day);
    }
}

// Runs `action` with the partners of the database; prints the partner that it gives.
template <typename Action>
int with_partners(const Options& options, const Action& action) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    Partners partners(**store, system_clock());
    const auto done = action(partners, **store);
    if (!done) return report_failure(to_string(done.error()));
    return exit_success;
}

template <typename Action>
int change(const Options& options, const Action& action) {
    return with_partners(options, [&](Partners& partners, store::SqliteStore&) -> Result<void> {
        const auto partner = action(partners);
        if (!partner) return tl::unexpected(partner.error());
        print_partner(*partner, options.json);
        return {};
    });
}

int apply(const Options& options) {
    return change(options, [&](Partners& all) { return all.apply(options.name, options.contact, options.who()); });
}
int approve(const Options& options) {
    return change(options, [&](Partners& all) { return all.approve(options.name, options.note, options.who()); });
}
int sign(const Options& options) {
    const auto date = options.date.empty() ? Date{std::chrono::floor<std::chrono::days>(system_clock().now())}
                                           : parse_date(options.date).value_or(Date{});
    if (!date.ok()) return report_failure(fmt::format("--date: '{}' is no date such as 2026-02-13", options.date));
    return change(options, [&](Partners& all) {
        return all.sign(options.name, {options.contract, date, options.signed_by}, options.who());
    });
}
int activate(const Options& options) {
    return change(options, [&](Partners& all) { return all.activate(options.name, options.note, options.who()); });
}
int suspend(const Options& options) {
    return change(options, [&](Partners& all) { return all.suspend(options.name, options.note, options.who()); });
}
int end(const Options& options) {
    return change(options, [&](Partners& all) { return all.end(options.name, options.note, options.who()); });
}
int subscribe(const Options& options) {
    const auto plan = partner::plan_from_wire(options.plan);
    if (!plan && !options.plan.empty())
        return report_failure(fmt::format("--plan: '{}' is no plan; there are volledig, anoniem", options.plan));
    return change(options, [&](Partners& all) {
        return options.end ? all.unsubscribe(options.name, options.product, options.who())
                           : all.subscribe(options.name, options.product, plan, options.limits, options.who());
    });
}
int limits(const Options& options) {
    return change(options, [&](Partners& all) {
        return all.set_limits(options.name, options.product, options.limits, options.who());
    });
}

int list(const Options& options) {
    return with_partners(options, [&](Partners& partners, store::SqliteStore&) -> Result<void> {
        const auto all = partners.list();
        if (!all) return tl::unexpected(all.error());
        for (const auto& partner : *all) print_partner(partner, options.json);
        return {};
    });
}

void print_key(const store::KeyRecord& key) {
    fmt::print("  key           {} for {}, issued {}{}{}{}\n", key.prefix, key.product.empty() ? "all" : key.product,
               format_instant(key.issued), key.expires ? ", expires " + format_instant(*key.expires) : "",
               key.revoked ? ", revoked " + format_instant(*key.revoked) : "",
               key.last_used ? ", last used " + format_instant(*key.last_used) : "");
}

// The partner with its keys and the last days of its use.
int show(const Options& options) {
    return with_partners(options, [&](Partners& partners, store::SqliteStore& store) -> Result<void> {
        constexpr std::size_t days_shown = 14;
        const auto partner = partners.find(options.name);
        if (!partner) return tl::unexpected(partner.error());
        const auto keys = store.keys();
        if (!keys) return tl::unexpected(keys.error());
        auto usage = partners.usage(options.name);
        if (!usage) return tl::unexpected(usage.error());
        if (usage->size() > days_shown) usage->resize(days_shown);
        print_partner(*partner, options.json);
        for (const auto& key : *keys) {
            if (key.partner != partner->name || key.product == partner::product_administration) continue;
            options.json ? print_json(key, api::write_key) : print_key(key);
        }
        for (const auto& day : *usage) {
            if (options.json) {
                print_json(day, api::write_usage);
            } else {
                fmt::print("  used          {} {}: {} requests, {} refused\n", format_date(day.day), day.product,
                           day.served, day.refused);
            }
        }
        return {};
    });
}

int history(const Options& options) {
    return with_partners(options, [&](Partners& partners, store::SqliteStore&) -> Result<void> {
        const auto events = partners.history(options.name);
        if (!events) return tl::unexpected(events.error());
        for (const auto& event : *events) {
            if (options.json) {
                print_json(event, api::write_event);
            } else {
                fmt::print("{}  {:22} by {}{}{}\n", format_instant(event.instant), event.what, event.who,
                           event.detail.empty() ? "" : ": ", event.detail);
            }
        }
        return {};
    });
}

// The actions of one command, with the options that several of them share.
class Actions {
  public:
    Actions(CLI::App& app, Program& program)
        : command_(*app.add_subcommand("partner", "admit partners, and everything after that")),
          program_(program),
          options_(std::make_shared<Options>()) {
        command_.require_subcommand(1);
        command_.footer(
            "A partner passes through: apply, approve, sign, activate; then it is active and its keys are served.\n"
            "Every step is recorded, with who took it and when ('partner history').\n"
            "A change of a subscription or of limits leaves what is not named as it is.\n"
            "Example:  cvstroom partner apply --database cv.db 'Interim Zilverduin' --contact api@zilverduin.example\n"
            "          cvstroom partner subscribe --database cv.db 'Interim Zilverduin' --product cv --plan anoniem\n"
            "For a first trial, 'cvstroom key issue --sandbox' takes a partner through all of it at once.");
    }

    CLI::App* add(const std::string& name, const std::string& what, int (*action)(const Options&),
                  bool needs_name = true) {
        auto* subcommand = command_.add_subcommand(name, what);
        subcommand->add_option("--database", options_->database, "SQLite file")->required();
        if (needs_name) subcommand->add_option("name", options_->name, "the partner's name")->required();
        subcommand->add_flag("--json", options_->json, "one JSON object a line");
        subcommand->callback([options = options_, &program = program_, action] {
            program.run = [options, action] { return action(*options); };
        });
        return subcommand;
    }
    // A step that changes something: who does it, and why.
    CLI::App* add_step(const std::string& name, const std::string& what, int (*action)(const Options&)) {
        auto* subcommand = add(name, what, action);
        subcommand->add_option("--by", options_->by, "who does this, for the history; default: the user");
        return subcommand;
    }
    void add_note(CLI::App* subcommand) { subcommand->add_option("--note", options_->note, "why, for the history"); }
    void add_product(CLI::App* subcommand) {
        subcommand->add_option("--product", options_->product, "cv, referentie")->capture_default_str();
        subcommand->add_option("--per-minute", options_->limits.per_minute,
                               fmt::format("requests a minute; {} in a new subscription", partner::usual_per_minute));
        subcommand->add_option("--per-day", options_->limits.per_day,
                               fmt::format("requests a day; {} in a new subscription", partner::usual_per_day));
    }
    Options& options() { return *options_; }

  private:
    CLI::App& command_;
    Program& program_;
    std::shared_ptr<Options> options_;
};

}  // namespace

void add_partner(CLI::App& app, Program& program) {
    Actions actions(app, program);
    actions.add_step("apply", "a new partner asks to be admitted", apply)
        ->add_option("--contact", actions.options().contact, "an address to reach it");
    actions.add_note(actions.add_step("approve", "the partnership is approved", approve));
    auto* signing = actions.add_step("sign", "the contract is signed", sign);
    signing->add_option("--contract", actions.options().contract, "its reference")->required();
    signing->add_option("--signed-by", actions.options().signed_by, "who signed for the partner")->required();
    signing->add_option("--date", actions.options().date, "the day, such as 2026-02-13; default: today");
    actions.add_note(
        actions.add_step("activate", "from now on its keys are served; also lifts a suspension", activate));
    actions.add_note(actions.add_step("suspend", "its keys are not served for the time being", suspend));
    actions.add_note(actions.add_step("end", "the partnership is over: all its keys are revoked", end));
    auto* subscribing = actions.add_step("subscribe", "add, change or end a subscription", subscribe);
    actions.add_product(subscribing);
    subscribing->add_option("--plan", actions.options().plan,
                            "volledig (whole CVs; a new subscription is that) or anoniem (without personal data)");
    subscribing->add_flag("--end", actions.options().end, "end the subscription");
    actions.add_product(actions.add_step("limits", "change what a subscription may ask for", limits));
    actions.add("show", "a partner with its keys and use", show);
    actions.add("history", "every step: when, by whom", history);
    actions.add("list", "all partners", list, false);
}

}  // namespace cvstroom::cli
