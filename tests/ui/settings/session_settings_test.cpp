#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTest>
#include <algorithm>

#include "tests/ui/ui_test.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/settings/sampling_presets.h"
#include "ui/settings/session_settings_dialog.h"

namespace vl::test {

class SessionSettingsTest : public QObject {
  Q_OBJECT
 private slots:
  void presetsAreRecognised() {
    QCOMPARE(presetOf(SamplingOptions()), SamplingPreset::Demo);
    for (const auto preset : {SamplingPreset::Exact, SamplingPreset::Demo}) {
      QCOMPARE(presetOf(presetOptions(preset)), preset);
    }
    SamplingOptions warm;
    warm.temperature = 0.7;
    QCOMPARE(presetOf(warm), SamplingPreset::Custom);
    SamplingOptions seeded;
    seeded.seed = 7;
    QCOMPARE(presetOf(seeded), SamplingPreset::Demo);
  }

  void aDialogThatIsNotTouchedChangesNothing() {
    SessionSettingsDialog::Values values;
    values.answers.sampling = {0.55, 0.35, 0.05, 12, 1.25, 18446744073709551615ull};
    values.answers.maxTokens = 77;
    values.answers.contextTokens = 2048;
    values.systemPrompt = "Be brief.";
    values.answers.threads = 3;
    const SessionSettingsDialog dialog(values, std::nullopt);
    const SessionSettingsDialog::Values same = dialog.values();
    QCOMPARE(same.answers.sampling.temperature, 0.55);
    QCOMPARE(same.answers.sampling.topP, 0.35);
    QCOMPARE(same.answers.sampling.minP, 0.05);
    QCOMPARE(same.answers.sampling.topK, std::size_t{12});
    QCOMPARE(same.answers.sampling.repetitionPenalty, 1.25);
    QCOMPARE(quint64{*same.answers.sampling.seed}, quint64{18446744073709551615ull});
    QCOMPARE(quint64{same.answers.maxTokens}, quint64{77});
    QCOMPARE(quint64{*same.answers.contextTokens}, quint64{2048});
    QCOMPARE(same.systemPrompt, std::string("Be brief."));
    QCOMPARE(quint64{same.answers.threads}, quint64{3});
  }

  void longNumbersAreGrouped() {
    SessionSettingsDialog::Values values;
    values.answers.contextTokens = 2048;
    const SessionSettingsDialog dialog(values, std::nullopt);
    const auto fields = dialog.findChildren<QSpinBox*>();
    QVERIFY(std::any_of(fields.begin(), fields.end(),
                        [](const QSpinBox* field) { return field->text() == "2,048 tokens"; }));
  }

  void aPresetFillsInItsValuesAndAChangeMakesItCustom() {
    SessionSettingsDialog dialog({}, 42);
    auto* preset = dialog.findChild<QComboBox*>();
    QCOMPARE(preset->currentIndex(), static_cast<int>(SamplingPreset::Demo));
    preset->setCurrentIndex(0);
    emit preset->activated(0);
    QCOMPARE(dialog.values().answers.sampling.temperature, 0.0);
    dialog.findChildren<QDoubleSpinBox*>().first()->setValue(0.8);
    QCOMPARE(preset->currentIndex(), static_cast<int>(SamplingPreset::Custom));
    dialog.findChildren<QPushButton*>().first()->click();
    QCOMPARE(quint64{*dialog.values().answers.sampling.seed}, quint64{42});
  }

  void aSeedOfMoreThanSixtyFourBitsCannotBeTyped() {
    const SessionSettingsDialog dialog({}, std::nullopt);
    auto* seed = dialog.findChild<QLineEdit*>("seed");
    seed->setEnabled(true);
    QTest::keyClicks(seed, "18446744073709551616");
    QCOMPARE(seed->text(), "1844674407370955161");
    QCOMPARE(quint64{*dialog.values().answers.sampling.seed}, quint64{1844674407370955161ull});
    QTest::keyClicks(seed, "5x");
    QCOMPARE(quint64{*dialog.values().answers.sampling.seed}, quint64{18446744073709551615ull});
  }

  void aNewSessionBeginsWithTheModelThatWasChosenLast() {
    const QTemporaryDir folder;
    const auto director = std::make_shared<Director>();
    QVERIFY(QDir(folder.path()).mkpath("chosen"));
    QFile config(folder.filePath("chosen/config.json"));
    QVERIFY(config.open(QIODevice::WriteOnly));
    const std::filesystem::path chosen = folder.filePath("chosen").toStdString();
    auto desk = openDesk(folder.filePath("data"), director);
    emit desk->models().modelChosen(folder.filePath("chosen"));
    desk.reset();
    desk = openDesk(folder.filePath("data"), director);
    QVERIFY(desk->model().folder() == chosen);
    desk.reset();
    std::filesystem::remove_all(chosen);
    desk = openDesk(folder.filePath("data"), director);
    QVERIFY(desk->model().folder() == "/models/scripted");
  }

  void settingsReachTheEngineAndComeBackWithTheSession() {
    const QTemporaryDir folder;
    const auto director = std::make_shared<Director>();
    director->setScript(describeWithBox);
    auto desk = openDesk(folder.filePath("data"), director);
    desk->controller().newSession();
    AnswerSettings settings;
    settings.sampling.temperature = 0;
    settings.sampling.seed = 99;
    settings.maxTokens = 33;
    settings.contextTokens = 1500;
    desk->controller().setAnswerSettings(settings, "Be brief.");
    ask(*desk, "First");
    ask(*desk, "Second");
    QCOMPARE(director->requests().size(), std::size_t{2});
    for (const GenerateRequest& request : director->requests()) {
      QCOMPARE(request.sampling.temperature, 0.0);
      QCOMPARE(quint64{*request.sampling.seed}, quint64{99});
      QCOMPARE(request.maxTokens, std::size_t{33});
      QCOMPARE(*request.contextTokens, std::size_t{1500});
      QCOMPARE(request.conversation.front().role, ChatRole::System);
    }
    QCOMPARE(quint64{*desk->controller().lastSeed()}, quint64{7});
    desk.reset();
    desk = openDesk(folder.filePath("data"), director);
    QCOMPARE(quint64{desk->controller().answerSettings().maxTokens}, quint64{33});
    QCOMPARE(desk->controller().systemPrompt(), std::string("Be brief."));
    desk->controller().newSession();
    QCOMPARE(desk->controller().answerSettings().maxTokens, AnswerSettings().maxTokens);
    QVERIFY(desk->controller().systemPrompt().empty());
  }

  void aSessionBringsItsThreadsAlong() {
    const QTemporaryDir folder;
    const QString data = folder.filePath("data");
    const auto director = std::make_shared<Director>();
    director->setScript(describeWithBox);
    std::vector<unsigned> loaded;  // with how many threads
    const auto backend = [&](const std::filesystem::path&, bool) {
      const QSettings settings(data + "/desk.ini", QSettings::IniFormat);
      loaded.push_back(settings.value(kThreadsSetting).toUInt());
      return scripted(director);
    };
    const auto open = [&] {
      Desk::Setup setup{data.toStdString(), {}, backend};
      auto desk = std::make_unique<Desk>(openStore(data), std::move(setup));
      desk->begin("/models/scripted", {});
      desk->window().show();
      return desk;
    };
    auto desk = open();
    AnswerSettings one;
    one.threads = 1;
    desk->controller().setAnswerSettings(one, {});
    ask(*desk, "With one thread");
    const SessionId session = *desk->controller().shownSession();
    loaded.clear();
    desk->controller().newSession();
    QCOMPARE(loaded, std::vector<unsigned>({0}));
    desk->controller().openSession(session);
    QCOMPARE(loaded, std::vector<unsigned>({0, 1}));
    desk.reset();
    loaded.clear();
    desk = open();  // shows that session again
    QCOMPARE(loaded, std::vector<unsigned>({1}));
  }

  void aSessionBringsItsModelAlong() {
    const QTemporaryDir folder;
    const auto director = std::make_shared<Director>();
    director->setScript(describeWithBox);
    for (const char* name : {"first", "second"}) {
      QVERIFY(QDir(folder.path()).mkpath(name));
      QFile config(folder.filePath(QString(name) + "/config.json"));
      QVERIFY(config.open(QIODevice::WriteOnly));
    }
    const std::filesystem::path first = folder.filePath("first").toStdString();
    auto desk = openDesk(folder.filePath("data"), director);
    emit desk->models().modelChosen(folder.filePath("first"));
    ask(*desk, "Of the first");
    const SessionId session = *desk->controller().shownSession();
    desk->controller().newSession();
    emit desk->models().modelChosen(folder.filePath("second"));
    ask(*desk, "Of the second");
    desk->controller().openSession(session);
    QVERIFY(desk->model().folder() == first);
    desk.reset();
    desk = openDesk(folder.filePath("data"), director);  // shows the same session again
    QVERIFY(desk->model().folder() == first);
  }

 private:
  static void ask(Desk& desk, const QString& text) {
    const int rows = desk.controller().conversation().rowCount();
    ComposerEdit& edit = desk.window().chat().composer().edit();
    QTest::keyClicks(&edit, text);
    QTest::keyClick(&edit, Qt::Key_Return);
    QVERIFY(waitUntil([&] {
      return desk.controller().conversation().rowCount() == rows + 2 &&
             !desk.controller().isAnswering();
    }));
  }
};

static const Registered<SessionSettingsTest> kSessionSettingsTest;

}  // namespace vl::test

#include "session_settings_test.moc"
