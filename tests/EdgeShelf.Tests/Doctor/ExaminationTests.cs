using EdgeShelf.Doctor;
using EdgeShelf.Shelf;
using Microsoft.Extensions.Time.Testing;

namespace EdgeShelf.Tests.Doctor;

public sealed class ExaminationTests
{
    readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task ACheckThatFallsOverIsAFaultAndTheNextHasItsTurn()
    {
        Examination examination = new(
            [
                new Check("odd", _ => throw new InvalidOperationException("what is this")),
                new Check("known", _ => throw new EdgeShelfException("no camera", "plug it in")),
                new Check("good", _ => Task.FromResult(Finding.Fine("all well"))),
            ],
            _clock);

        (string Check, Finding Finding)[] found = await examination.RunAsync(TestContext.Current.CancellationToken).ToArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["odd", "known", "good"], found.Select(one => one.Check));
        Assert.Equal([Severity.Fault, Severity.Fault, Severity.Fine], found.Select(one => one.Finding.Severity));
        Assert.Contains("what is this", found[0].Finding.Found, StringComparison.Ordinal);
        Assert.Equal("plug it in", found[1].Finding.ToDo);
    }

    [Fact]
    public async Task ACheckThatHangsIsAFaultAfterItsLimit()
    {
        TaskCompletionSource hanging = new();
        Examination examination = new([new Check("stuck", async _ =>
        {
            hanging.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            return Finding.Fine("never");
        })], _clock);

        Task<(string Check, Finding Finding)[]> running = examination.RunAsync(TestContext.Current.CancellationToken).ToArrayAsync(TestContext.Current.CancellationToken).AsTask();
        await hanging.Task;
        while (!running.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMinutes(2));
            await Task.Yield();
        }

        Finding finding = Assert.Single(await running).Finding;
        Assert.Equal(Severity.Fault, finding.Severity);
        Assert.Contains("no answer", finding.Found, StringComparison.Ordinal);
    }

    sealed class Check(string name, Func<CancellationToken, Task<Finding>> run) : DoctorCheck
    {
        public override string Name => name;

        public override Task<Finding> RunAsync(CancellationToken cancellationToken) => run(cancellationToken);
    }
}
