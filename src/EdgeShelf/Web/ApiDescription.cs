using EdgeShelf.Platform;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeShelf.Web;

/// <summary>What `/openapi.json` says beyond the routes.</summary>
static class ApiDescription
{
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "EdgeShelf";
            document.Info.Version = ProgramVersion.Text;
            document.Info.Description = "What a shelf camera sees. Where the device listens beyond loopback, each request needs `Authorization: Bearer TOKEN`. Errors are RFC 9457 problem details with a stable `code`.";
            return Task.CompletedTask;
        });
    }

    /// <summary>The body of `/predict`. Said here only: as metadata of the route it would answer a wrong type before our own words can.</summary>
    public static Task DescribePictures(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        OpenApiSchema picture = new() { Type = JsonSchemaType.String, Format = "binary" };
        OpenApiSchema form = new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "image" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["image"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = picture, MaxItems = UploadReader.MaxPictures } },
        };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new() { Schema = form },
                ["image/jpeg"] = new() { Schema = picture },
                ["image/png"] = new() { Schema = picture },
            },
        };
        return Task.CompletedTask;
    }
}
