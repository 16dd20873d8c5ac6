using System.Net;
using System.Text.Json;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Tests.Support;
using EdgeShelf.Tests.Web;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Tests.Seams;

/// <summary>From examples that were taught over HTTP to a trained model that looks at the shelf, and back.</summary>
public sealed class TrainedOnExamplesTests
{
    const int Places = 12, Looks = 4;

    [Fact]
    public async Task WhatWasTaughtOverHttpIsTrainedComesIntoUseAndIsTakenBack()
    {
        // Each look is one of another day, so that each example is a visit of its own.
        ShiftedClock clock = new();
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartWithoutWaitingAsync(
            clock, ("Models:Name", "grocery-81"), ("Models:Trained", "{folder}/trained"), ("Planogram:MinLikeness", "0"), ("Planogram:MinEmpty", "1"));
        await shelf.ListeningAsync();
        string slots = string.Join(',', Enumerable.Range(0, Places).Select(at => $$$"""{"slot":"1-{{{at + 1:00}}}","shelf":1,"x":{{{Number(at)}}},"y":0.4,"width":{{{Number(1)}}},"height":0.2}"""));
        await SendAsync(shelf, HttpMethod.Put, "/api/slots", $$"""{"slots":[{{slots}}]}""");
        for (int look = 0; look < Looks; look++)
        {
            clock.PutForward(TimeSpan.FromDays(1));
            byte[] picture = Packs.Shelf([.. Enumerable.Range(0, Places).Select(at => (at % 2, Packs.NumberAt(at % 2, (look * Places / 2) + (at / 2), Packs.Enough)))]);
            await LookAsync(shelf, $"{look}-a.png", picture);
            // The second look shows that nothing moves before the slots.
            await LookAsync(shelf, $"{look}-b.png", picture);
            foreach ((string label, int first) in new[] { ("tea", 0), ("coffee", 1) })
            {
                string taught = string.Join(',', Enumerable.Range(0, Places).Where(at => at % 2 == first).Select(at => $"\"1-{at + 1:00}\""));
                await SendAsync(shelf, HttpMethod.Post, "/api/examples", $$"""{"slots":[{{taught}}],"label":"{{label}}","confirm":true}""");
            }
        }
        JsonElement before = await shelf.GetAsync("/api/model");
        // A pack that is as good as the same picture as one of the other product is not taken.
        Assert.InRange(before.GetProperty("examples").GetInt32(), (Places * Looks) - 4, Places * Looks);
        Assert.Equal(2, before.GetProperty("ready_products").GetInt32());

        await SendAsync(shelf, HttpMethod.Post, "/api/model/train", "");
        JsonElement job = await ModelRoutesTests.EndedAsync(shelf);

        Assert.True(job.GetProperty("state").GetString() == "done", job.ToString());
        JsonElement after = await shelf.GetAsync("/api/model");
        Assert.True(after.GetProperty("last").GetProperty("better").GetBoolean(), after.ToString());
        await Wait.UntilAsync(() => shelf.Services.GetRequiredService<EdgeShelf.Models.ActiveModel>().Info.Name == "shelf-0001");
        // The network is the same, so no example is described anew.
        Assert.Equal(0, shelf.Services.GetRequiredService<ExampleStore>().Pending);
        await LookAsync(shelf, "next.png", Packs.Shelf([.. Enumerable.Range(0, Places).Select(at => (at % 2, 500 + at))]));
        JsonElement model = (await shelf.GetAsync("/api/state")).GetProperty("model");
        Assert.Equal("shelf-0001", model.GetProperty("name").GetString());

        JsonElement back = await SendAsync(shelf, HttpMethod.Post, "/api/model/rollback", "");

        Assert.Equal(("grocery-81", "shelf-0001"), (back.GetProperty("name").GetString(), back.GetProperty("predecessor").GetString()));
        Assert.Equal(0, shelf.Services.GetRequiredService<ExampleStore>().Pending);
    }

    static string Number(int places) => ((double)places / Places).ToString(System.Globalization.CultureInfo.InvariantCulture);

    static Task<JsonElement> SendAsync(ShelfOnTheWeb shelf, HttpMethod method, string path, string json) => ModelRoutesTests.SendAsync(shelf, method, path, json, HttpStatusCode.OK);

    static async Task LookAsync(ShelfOnTheWeb shelf, string name, byte[] picture)
    {
        shelf.Show(name, picture);
        LatestLook latest = shelf.Services.GetRequiredService<LatestLook>();
        BayLook? last = latest.Now;
        await shelf.CaptureAsync();
        await Wait.UntilAsync(() => !ReferenceEquals(latest.Now, last), TimeSpan.FromMinutes(1), "the look at the slots");
    }
}
