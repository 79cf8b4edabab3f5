#include "ui/composer/prompt_budget.h"

#include <QSignalSpy>
#include <QTest>

#include "inference/engine/local_engine.h"
#include "tests/ui/ui_test.h"
#include "ui/composer/budget_watch.h"

namespace vl::test {
namespace {

std::filesystem::path starter() {
  return std::filesystem::path(VL_SOURCE_DIR) / "resources/models/starter";
}

MeteredTurn user(std::string text, std::vector<ImageSize> images = {}) {
  return {ChatRole::User, std::move(text), std::move(images)};
}

std::string words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "word ";
  return text;
}

}  // namespace

class PromptBudgetTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    Result<PromptMeter> meter = PromptMeter::load(starter());
    QVERIFY2(meter.has_value(), meter ? "" : meter.error().what.c_str());
    meter_ = std::move(*meter);
  }

  void countsWhatTheEngineCounts_data() {
    QTest::addColumn<bool>("tiling");
    QTest::addColumn<int>("images");
    QTest::addRow("tiled") << true << 1;
    QTest::addRow("untiled") << false << 1;
    QTest::addRow("three images") << true << 3;
  }

  void countsWhatTheEngineCounts() {
    QFETCH(const bool, tiling);
    QFETCH(const int, images);
    const QTemporaryDir folder;
    const auto file = writePicture(folder, "wide.png", {500, 240}).toStdString();
    const auto count = static_cast<std::size_t>(images);
    const std::string text = "<|ref|>the thing<|/ref|> 中文 and <|User|> words.";

    GenerateRequest request;
    request.conversation = {
        textMessage(ChatRole::System, "Be brief."),
        userMessage(std::vector<std::filesystem::path>(count, file), "What is it?"),
        textMessage(ChatRole::Assistant, "A sky."), userMessage({}, text)};
    request.tiling = tiling;
    request.maxTokens = 1;
    LoadOptions options;
    options.folder = starter();
    const auto engine = LocalEngine::load(options);
    QVERIFY(engine);
    const Result<GenerateSummary> summary = (*engine)->generate(request, {}, {});
    QVERIFY(summary);

    const std::vector<MeteredTurn> turns{
        {ChatRole::System, "Be brief.", {}},
        user("What is it?", std::vector<ImageSize>(count, {500, 240})),
        {ChatRole::Assistant, "A sky.", {}},
        user(text)};
    const Result<PromptSize> size = meter_->measure(turns, tiling);
    QVERIFY(size);
    QCOMPARE(size->total(), summary->usage.promptTokens);
    QCOMPARE(size->imageTokens(), summary->usage.imageTokens);
    QCOMPARE(size->images.size(), count);
    QCOMPARE(size->context, (*engine)->contextTokens());
  }

  void aPromptThatFitsNeedsNoChoice() {
    const std::vector<MeteredTurn> turns{user("Hello")};
    const Result<PromptBudget> budget = planPrompt(*meter_, turns, true);
    QVERIFY(budget && budget->size.fits());
    QCOMPARE(budget->size.left(), budget->size.context - budget->size.total());
    QCOMPARE(budget->turnsToLeaveOut, std::size_t{0});
    QVERIFY(!budget->fitsUntiled);
  }

  void leavesOutAsFewTurnsAsItTakes() {
    const std::string third = words(1500);  // three of them are more than the context, two are not
    const std::vector<MeteredTurn> turns{{ChatRole::System, "Be brief.", {}}, user("Short"),
                                         {ChatRole::Assistant, "Yes.", {}},   user(third),
                                         {ChatRole::Assistant, third, {}},    user(third)};
    const Result<PromptBudget> budget = planPrompt(*meter_, turns, true);
    QVERIFY(budget && !budget->size.fits());
    QCOMPARE(budget->turnsToLeaveOut, std::size_t{2});
    QVERIFY(!budget->fitsUntiled);
  }

  void tilesAreGivenUpWhereThatHelps() {
    const std::vector<MeteredTurn> turns{user(words(1500), {{1200, 1200}, {1200, 1200}})};
    const Result<PromptBudget> budget = planPrompt(*meter_, turns, true);
    QVERIFY(budget && !budget->size.fits());
    QVERIFY(budget->fitsUntiled);
    QCOMPARE(budget->turnsToLeaveOut, std::size_t{0});
  }

  void whatCannotBeHelpedHasNoChoices() {
    const std::vector<MeteredTurn> turns{user("Before"), user(words(6000))};
    const Result<PromptBudget> budget = planPrompt(*meter_, turns, true);
    QVERIFY(budget && !budget->size.fits());
    QCOMPARE(budget->size.left(), std::size_t{0});
    QCOMPARE(budget->turnsToLeaveOut, std::size_t{0});
    QVERIFY(!budget->fitsUntiled);
  }

  void theWatchTellsTheLatestStateOnly() {
    BudgetWatch watch;
    watch.setModel(starter());
    watch.setPrompt({user("One")}, true, std::nullopt);
    QVERIFY(waitUntil([&] { return watch.budget().has_value(); }));
    const std::size_t one = watch.budget()->size.total();
    const QSignalSpy measured(&watch, &BudgetWatch::measured);
    for (int i = 0; i < 50; ++i) watch.setPrompt({user(words(2000))}, true, std::nullopt);
    watch.setPrompt({user("One and more")}, true, std::nullopt);
    QVERIFY(watch.isMeasuring());
    watch.measureNow();
    QVERIFY(waitUntil([&] { return !watch.isMeasuring(); }));
    QCOMPARE(measured.count(), 1);
    QVERIFY(watch.budget()->size.total() > one && watch.budget()->size.total() < one + 10);
  }

  void withoutATokenizerThereIsNoBudgetAndNothingToWaitFor() {
    BudgetWatch watch;
    QSignalSpy measured(&watch, &BudgetWatch::measured);
    watch.setModel("/models/none");
    measured.clear();
    watch.setPrompt({user("One")}, true, std::nullopt);
    QVERIFY(!watch.isMeasuring());
    QVERIFY(waitUntil([&] { return measured.count() == 1; }));
    QVERIFY(!watch.budget());
    QVERIFY(!watch.isMeasuring());
  }

 private:
  std::optional<PromptMeter> meter_;
};

static const Registered<PromptBudgetTest> kPromptBudgetTest;

}  // namespace vl::test

#include "prompt_budget_test.moc"
