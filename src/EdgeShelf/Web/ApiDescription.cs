using EdgeShelf.Platform;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EdgeShelf.Web;

/// <summary>Adds to `/openapi.json` what the routes do not say themselves.</summary>
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

    /// <summary>Describes a body of one of several media types. As with <see cref="DescribePictures"/>, the description alone refuses nothing.</summary>
    public static Func<OpenApiOperation, OpenApiOperationTransformerContext, CancellationToken, Task> DescribeBody(params string[] types) => (operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Content = types.ToDictionary(type => type, type => new OpenApiMediaType { Schema = new OpenApiSchema { Type = type == PlanAnswers.Json ? JsonSchemaType.Object : JsonSchemaType.String } }),
        };
        return Task.CompletedTask;
    };

    /// <summary>The body of `/predict`. It is described only here: as metadata of the route, it would make ASP.NET Core reject a wrong type before our own error can.</summary>
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
