#include "ui/engine/model_loader.h"

#include <QSignalSpy>
#include <QTest>
#include <map>

#include "tests/ui/ui_test.h"

namespace vl::test {

class ModelLoaderTest : public QObject {
  Q_OBJECT
 private slots:
  void tellsItsStates() {
    EngineThread engine;
    ModelLoader model(engine, scriptedBackend(std::make_shared<Director>()));
    QCOMPARE(model.state(), ModelLoader::State::NoModel);
    model.load("/models/tiny/");
    QCOMPARE(model.state(), ModelLoader::State::Loading);
    QCOMPARE(model.name(), "tiny");
    QVERIFY(waitUntil([&] { return model.state() == ModelLoader::State::Ready; }));
  }

  void aRefusalForLackOfMemoryCanBeForced() {
    EngineThread engine;
    ModelLoader model(engine, [](const std::filesystem::path&, bool force) -> EngineFactory {
      if (force) return scripted(std::make_shared<Director>());
      return [](const std::stop_token&) -> Result<std::unique_ptr<Engine>> {
        return Error{ErrorCode::OutOfMemory, "too large"};
      };
    });
    model.load("/models/large");
    QVERIFY(waitUntil([&] { return model.state() == ModelLoader::State::Failed; }));
    QCOMPARE(model.error().code, ErrorCode::OutOfMemory);
    model.loadAgain(true);
    QVERIFY(waitUntil([&] { return model.state() == ModelLoader::State::Ready; }));
  }

  void choosingAnotherModelStopsTheFirstLoadAndOnlyTheLastCounts() {
    EngineThread engine;
    ModelLoader model(engine, [](const std::filesystem::path& folder, bool) -> EngineFactory {
      if (folder == "/second") return scripted(std::make_shared<Director>());
      return [](const std::stop_token& stop) -> Result<std::unique_ptr<Engine>> {
        waitForStop(stop);
        return Error{ErrorCode::Cancelled, "stopped"};
      };
    });
    std::vector<ModelLoader::State> states;
    connect(&model, &ModelLoader::stateChanged, this, [&] { states.push_back(model.state()); });
    model.load("/first");
    model.load("/second");
    QVERIFY(waitUntil([&] { return model.state() == ModelLoader::State::Ready; }));
    for (const auto state : states) QVERIFY(state != ModelLoader::State::Failed);
  }

  void aLoadThatIsCancelledLeavesNoModel() {
    EngineThread engine;
    ModelLoader model(engine, [](const std::filesystem::path&, bool) -> EngineFactory {
      return [](const std::stop_token& stop) -> Result<std::unique_ptr<Engine>> {
        waitForStop(stop);
        return Error{ErrorCode::Cancelled, "stopped"};
      };
    });
    model.load("/models/slow");
    model.cancel();
    QVERIFY(waitUntil([&] { return model.state() == ModelLoader::State::NoModel; }));
    QVERIFY(model.folder().empty());
  }

  void aLoadThatWaitsForAnAnswerIsCancelledAtOnce() {
    EngineThread engine;
    const auto director = std::make_shared<Director>();
    director->setScript(writeUntilStopped);
    ModelLoader model(engine, scriptedBackend(director));
    model.load("/models/first");
    QVERIFY(waitUntil([&] { return model.state() == ModelLoader::State::Ready; }));
    std::stop_source answer = engine.submit(1, {});
    model.load("/models/second");
    model.cancel();
    QCOMPARE(model.state(), ModelLoader::State::NoModel);
    int answers = 0;
    connect(&engine, &EngineThread::finished, this, [&] { ++answers; });
    answer.request_stop();
    engine.submit(2, {});
    QVERIFY(waitUntil([&] { return answers == 2; }));
    QCOMPARE(model.state(), ModelLoader::State::NoModel);
    QVERIFY(model.folder().empty());
  }

  void anUnloadedModelAnswersNoMore() {
    EngineThread engine;
    ModelLoader model(engine, scriptedBackend(std::make_shared<Director>()));
    model.load("/models/tiny");
    QVERIFY(waitUntil([&] { return model.state() == ModelLoader::State::Ready; }));
    model.unload();
    QCOMPARE(model.state(), ModelLoader::State::NoModel);
    QString why;
    connect(&engine, &EngineThread::finished, this,
            [&](quint64, const Result<GenerateSummary>& outcome) {
              why = QString::fromStdString(outcome.error().what);
            });
    engine.submit(1, {});
    QVERIFY(waitUntil([&] { return !why.isEmpty(); }));
    QCOMPARE(why, "No model is loaded.");
    model.load("/models/tiny");
    QVERIFY(waitUntil([&] { return model.state() == ModelLoader::State::Ready; }));
  }
};

static const Registered<ModelLoaderTest> kModelLoaderTest;

}  // namespace vl::test

#include "model_loader_test.moc"
