using System.Text.Json;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Tests.Seams;

/// <summary>The interval is changed by a request, and shown by the page.</summary>
public sealed class IntervalTests
{
    [Fact]
    public async Task ThePageShowsTheIntervalInForceAndDoesNotCallCapturesLate()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Capture:Interval", "00:00:00.200"));
        shelf.Show("a.jpg", PicturesOf.Scene());
        await Wait.UntilAsync(() => shelf.Status.Now.LastResult is not null);

        RequestCommand command = shelf.Services.GetServices<RequestCommand>().Single(command => command.Name == "interval");
        await command.AnswerAsync("3600", TestContext.Current.CancellationToken);
        JsonElement state = await shelf.GetAsync("/api/state");

        Assert.Equal(3600, state.GetProperty("interval_s").GetDouble());
        Assert.DoesNotContain("late", state.GetProperty("troubles").EnumerateArray().Select(trouble => trouble.GetProperty("code").GetString()));
    }
}
