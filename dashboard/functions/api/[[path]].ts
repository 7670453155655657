// Hands every call below /api to the Worker, the upgrade to the live socket included, so that the dashboard has one
// origin: its session cookie is its own, and no browser asks for CORS. The request stays as it came, address and all.

interface Context {
  request: Request;
  env: { EDGEWISE: { fetch(request: Request): Promise<Response> } };
}

export const onRequest = ({ request, env }: Context): Promise<Response> => env.EDGEWISE.fetch(request);
