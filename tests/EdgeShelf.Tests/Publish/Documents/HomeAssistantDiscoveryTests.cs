using System.Text.Json;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Publish.Documents;

/// <summary>Held to what Home Assistant documents of device discovery; Home Assistant itself is not here to be asked.</summary>
public sealed class HomeAssistantDiscoveryTests
{
    const string Topic = "homeassistant/device/edgeshelf-shelf-07/config";

    [Fact]
    public async Task TheDeviceAnnouncesItselfRetainedAndAgainWhenHomeAssistantStarts()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher publisher = new Publisher(broker).Start();
        await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");

        MosquittoPub.Publish(broker, "homeassistant/status", "online");

        await reader.UntilAsync(seen => seen.On(Topic).Count() == 2, "announced again");
        JsonElement announcement = reader.On(Topic).Last().Json;
        Assert.NotEmpty(announcement.GetProperty("dev").GetProperty("ids").EnumerateArray());
        Assert.Equal("EdgeShelf", announcement.GetProperty("o").GetProperty("name").GetString());
        Assert.Equal("edgeshelf/shelf-07/state", announcement.GetProperty("state_topic").GetString());
        List<JsonProperty> entities = [.. announcement.GetProperty("cmps").EnumerateObject().Where(entity => entity.Name != "picture")];
        // Nothing but the platform takes an entity away that an earlier configuration had.
        Assert.Equal("""{"p":"image"}""", announcement.GetProperty("cmps").GetProperty("picture").GetRawText());
        Assert.Contains("product", entities.Select(entity => entity.Name));
        Assert.Equal(entities.Count, entities.Select(entity => entity.Value.GetProperty("unique_id").GetString()).Distinct().Count());
        Assert.All(entities, entity =>
        {
            string platform = entity.Value.GetProperty("p").GetString()!;
            Assert.Matches($"^{platform}\\.[a-z0-9_]+$", entity.Value.GetProperty("default_entity_id").GetString());
            // A button has no state that could grow old.
            Assert.Equal(platform != "button", entity.Value.TryGetProperty("expire_after", out JsonElement expires) && expires.GetInt32() > 60);
        });
        using MosquittoSub late = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await late.UntilAsync(seen => seen.On(Topic).Any(message => message.Retained), "retained");
    }

    [Fact]
    public async Task WithPicturesOnThePictureIsAnEntityToo()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher publisher = new Publisher(broker, options => options.Image = true).Start();

        await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");

        JsonElement picture = reader.On(Topic).Last().Json.GetProperty("cmps").GetProperty("picture");
        Assert.Equal("edgeshelf/shelf-07/image", picture.GetProperty("image_topic").GetString());
        Assert.Equal("image.edgeshelf_shelf_07_picture", picture.GetProperty("default_entity_id").GetString());
    }

    [Fact]
    public async Task TurnedOffTheAnnouncementIsTakenBack()
    {
        using Mosquitto broker = Mosquitto.Start();
        using TemporaryFolder folder = new();
        await using (Publisher on = new Publisher(broker, folder: folder.Path).Start())
        {
            using MosquittoSub reader = await MosquittoSub.StartAsync(broker, "homeassistant/#");
            await reader.UntilAsync(seen => seen.On(Topic).Any(), "announced");
        }
        using MosquittoSub watcher = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher off = new Publisher(broker, options => options.HomeAssistant = false, folder.Path).Start();

        await watcher.UntilAsync(seen => seen.On(Topic).LastOrDefault()?.Payload == "", "taken back");
    }

    /// <summary>A broker may hang up on a topic that it does not allow, also when the message is empty.</summary>
    [Fact]
    public async Task ADeviceThatNeverAnnouncedItselfSendsHomeAssistantNothing()
    {
        using Mosquitto broker = Mosquitto.Start();
        using MosquittoSub watcher = await MosquittoSub.StartAsync(broker, "homeassistant/#");
        await using Publisher off = new Publisher(broker, options => options.HomeAssistant = false).Start();
        await off.ConnectedAsync();

        // What comes later on the same connection has arrived, so whatever came before has too.
        MosquittoPub.Publish(broker, "homeassistant/probe", "later");
        await watcher.UntilAsync(seen => seen.On("homeassistant/probe").Any(), "the probe");

        Assert.Empty(watcher.On(Topic));
    }
}
