using EdgeShelf.Recognition.Likeness;

namespace EdgeShelf.Tests.Recognition.Likeness;

/// <summary>The sentences that say why a verdict is what it is.</summary>
public sealed class JudgementTextTests
{
    static readonly LikenessThresholds Thresholds = new(0.35, 0.05, 0.25);

    [Theory]
    [InlineData("tea", 0.6f, 0.2f, 0.1f, false, null, "tea is expected, and the slot passes as it with a likeness of 0.60; 0.35 is needed.")]
    [InlineData("tea", 0.6f, 0.64f, 0.1f, false, null, "tea is expected, and the slot passes as it with a likeness of 0.60; milk is more like with 0.64, but by no more than the margin of 0.05.")]
    [InlineData("tea", 0.1f, 0.2f, 0.5f, false, null, "The slot is most like a place without goods, with a likeness of 0.50; 0.25 is needed. The likeness to the expected tea is 0.10.")]
    [InlineData("tea", 0.4f, 0.6f, 0.1f, false, null, "tea is expected and passes with a likeness of 0.40, but milk is more like with 0.60, by more than the margin of 0.05.")]
    [InlineData("tea", 0.2f, 0.6f, 0.1f, false, null, "tea is expected and does not pass: its likeness is 0.20, and 0.35 is needed. milk passes with 0.60.")]
    [InlineData("tea", 0.2f, 0.3f, 0.1f, false, null, "Nothing that was taught passes: the likeness to tea is 0.20, that to milk 0.30, and 0.35 is needed.")]
    [InlineData("tea", -0.001f, 0.3f, 0.1f, false, null, "Nothing that was taught passes: the likeness to tea is 0.00, that to milk 0.30, and 0.35 is needed.")]
    [InlineData(null, 0.2f, 0.6f, 0.1f, false, null, "The planogram expects nothing in this slot, so there is no verdict; it looks like milk.")]
    [InlineData("salt", 0.2f, 0.6f, 0.1f, false, null, "salt was not taught, so the place cannot be checked. Teach it when it is in its place.")]
    [InlineData("salt", 0.2f, 0.6f, 0.1f, true, "salt", "salt is expected and has no example, so the model's own classes decide: the picture shows salt.")]
    [InlineData("salt", 0.2f, 0.6f, 0.1f, true, null, "salt is expected and has no example, and the model is not sure of any of its classes; teach it.")]
    public void EachReasonIsOneSentenceWithItsNumbers(string? expected, float tea, float milk, float empty, bool modelKnows, string? modelSays, string sentence)
    {
        SlotJudgement judgement = SlotJudge.Judge(["empty", "milk", "tea"], [empty, milk, tea], expected, new ModelOpinion(modelKnows, modelSays), Thresholds);

        Assert.Equal(sentence, JudgementText.Of(judgement, expected));
        Assert.Equal(sentence, JudgementExplanation.Of(judgement, expected, Thresholds).Reason);
    }

    [Fact]
    public void ASlotThatWasNotJudgedSaysSo()
    {
        JudgementExplanation explanation = JudgementExplanation.Of(null, "tea", Thresholds);

        Assert.Equal("The slot was not judged, because it cannot be seen in this picture.", explanation.Reason);
        Assert.Empty(explanation.Top);
    }
}
